using Histonic.Slides;
using Histonic.Slides.Annotations;
using Histonic.Tests.Support;

namespace Histonic.Tests.Slides.Annotations;

public sealed class AnnotationFileTests
{
    private const string Asap = """
        <?xml version="1.0"?>
        <ASAP_Annotations>
          <Annotations>
            <Annotation Name="a" Type="Polygon" PartOfGroup="_0" Color="#F4FA58">
              <Coordinates>
                <Coordinate Order="1" X="100" Y="0" />
                <Coordinate Order="0" X="0" Y="0" />
                <Coordinate Order="2" X="100.5" Y="100,5" />
                <Coordinate Order="10" X="0" Y="100" />
              </Coordinates>
            </Annotation>
            <Annotation Name="b" Type="Rectangle" PartOfGroup="_2" Color="#F4FA58">
              <Coordinates><Coordinate Order="0" X="10" Y="10" /><Coordinate Order="1" X="20" Y="30" /></Coordinates>
            </Annotation>
            <Annotation Name="c" Type="Spline" PartOfGroup="_0" Color="#F4FA58">
              <Coordinates><Coordinate Order="0" X="200" Y="0" /><Coordinate Order="1" X="300" Y="0" /><Coordinate Order="2" X="200" Y="90" /></Coordinates>
            </Annotation>
            <Annotation Name="d" Type="Dot" PartOfGroup="mitosis"><Coordinates><Coordinate Order="0" X="7" Y="8" /></Coordinates></Annotation>
            <Annotation Name="e" Type="Measurement" PartOfGroup="_0"><Coordinates><Coordinate Order="0" X="7" Y="8" /></Coordinates></Annotation>
            <Annotation Name="f" Type="Polygon" PartOfGroup="_0"><Coordinates><Coordinate Order="0" X="7" Y="8" /></Coordinates></Annotation>
            <Annotation Name="g" Type="Polygon" PartOfGroup=""><Coordinates /></Annotation>
          </Annotations>
          <AnnotationGroups><Group Name="_0" PartOfGroup="None"><Attributes /></Group></AnnotationGroups>
        </ASAP_Annotations>
        """;

    private const string Square = "[[[0,0],[100,0],[100,100],[0,100],[0,0]],[[40,40],[60,40],[60,60],[40,60],[40,40]]]";

    [Fact]
    public void ASAPs_annotations_are_their_groups_in_the_order_of_their_points()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["s.xml"], Asap);
        var read = AnnotationFile.Read(folder["s.xml"]);
        Assert.Equal(["_0", "_2", "_0", "mitosis"], read.All.Select(annotation => annotation.Class));
        Assert.Equal([new(0, 0), new(100, 0), new(100.5, 100.5), new(0, 100)], read.All[0].Polygons[0].Rings[0]);
        Assert.Equal(200, read.All[1].Area);
        Assert.Equal([new SlidePoint(7, 8)], read.All[3].Points);
        Assert.Equal(["1 of fewer than 3 points", "1 of type Measurement", "1 without a group"], read.LeftOut);
    }

    [Fact]
    public void Of_annotations_inside_each_other_the_smallest_counts()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["s.xml"], Asap);
        var read = AnnotationFile.Read(folder["s.xml"]);
        Assert.Equal("_2", read.InnermostAt(new(15, 20))?.Class);
        Assert.Equal("_0", read.InnermostAt(new(50, 50))?.Class);
        Assert.Null(read.InnermostAt(new(150, 50)));
    }

    [Theory]
    [InlineData("""{"name": "Tumor", "color": [200, 0, 0]}""", "Tumor")]
    [InlineData("""{"name": "Tumor", "colorRGB": -3670016}""", "Tumor")]
    [InlineData("""{"names": ["Tumor", "Positive"], "color": [200, 0, 0]}""", "Tumor: Positive")]
    [InlineData("\"Tumor\"", "Tumor")]
    public void QuPaths_annotations_are_their_classifications(string classification, string expected)
    {
        using var folder = new TemporaryFolder();
        var feature = Feature("Polygon", Square, classification);
        foreach (
            var (name, text) in new[]
            {
                ("collection.geojson", $$"""{"type": "FeatureCollection", "features": [{{feature}}]}"""),
                ("array.json", $"[{feature}]"),
                ("one.geojson", feature),
            }
        )
        {
            File.WriteAllText(folder[name], text);
            var read = Assert.Single(AnnotationFile.Read(folder[name]).All);
            Assert.Equal(expected, read.Class);
            Assert.Equal((100 * 100) - (20 * 20), read.Area);
            Assert.True(read.Contains(new(20, 50)));
            Assert.False(read.Contains(new(50, 50)));
        }
    }

    [Fact]
    public void All_of_GeoJSONs_areas_and_points_are_read_and_the_rest_is_counted()
    {
        using var folder = new TemporaryFolder();
        var far = "[[[200,0],[300,0],[300,100],[200,100],[200,0]]]";
        File.WriteAllText(
            folder["s.geojson"],
            $$$"""
            {"type": "FeatureCollection", "features": [
              {{{Feature("MultiPolygon", $"[{Square},{far}]", "\"a\"")}}},
              {{{Feature("Point", "[5, 6]", "\"b\"")}}},
              {{{Feature("MultiPoint", "[[1, 2], [3, 4]]", "\"c\"")}}},
              {{{Feature("LineString", "[[1, 2], [3, 4]]", "\"c\"")}}},
              {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": {{{Square}}}}, "properties": {"objectType": "annotation"}},
              {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": {{{Square}}}}, "properties": null}
            ]}
            """
        );
        var read = AnnotationFile.Read(folder["s.geojson"]);
        Assert.Equal(["a", "b", "c"], read.All.Select(annotation => annotation.Class));
        Assert.True(read.All[0].Contains(new(250, 50)));
        Assert.True(read.All[0].Contains(new(10, 10)));
        Assert.False(read.All[0].Contains(new(150, 50)));
        Assert.Equal([new SlidePoint(5, 6)], read.All[1].Points);
        Assert.Equal([new SlidePoint(1, 2), new SlidePoint(3, 4)], read.All[2].Points);
        Assert.Equal(["1 of type LineString", "2 without a classification"], read.LeftOut);
    }

    [Theory]
    [InlineData("s.xml", "<ASAP_Annotations>\n<Annotations>\n</ASAP_Annotations>", ", line 3", "is not XML")]
    [InlineData("s.xml", "<Annotations/>", "", "not ASAP_Annotations")]
    [InlineData(
        "s.xml",
        "<ASAP_Annotations>\n<Annotation Type=\"Polygon\" PartOfGroup=\"a\">\n<Coordinate Order=\"0\" X=\"1\" Y=\"two\"/></Annotation></ASAP_Annotations>",
        ", line 3",
        "\"two\""
    )]
    [InlineData("s.geojson", "{\n\"type\": \"FeatureCollection\",\n,}", ", line 3", "is not JSON")]
    [InlineData("s.geojson", "{\"type\": \"Topology\"}", "", "holds no features")]
    [InlineData(
        "s.geojson",
        "[{\"properties\": {\"classification\": \"a\"}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[1, \"two\"], [3, 4], [5, 6]]]}}]",
        "",
        "not GeoJSON's"
    )]
    [InlineData("s.txt", "", "", "no annotation file")]
    public void A_file_that_is_at_fault_is_named_with_its_line(string name, string text, string place, string finding)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder[name], text);
        var error = Assert.Throws<InputException>(() => AnnotationFile.Read(folder[name]));
        Assert.Equal(folder[name] + place, error.Subject);
        Assert.Contains(finding, error.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slide_has_one_annotation_file_at_most()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(AnnotationFile.Of(folder[""], "s"));
        File.WriteAllText(folder["s.geojson"], "[]");
        Assert.Equal(folder["s.geojson"], AnnotationFile.Of(folder[""], "s"));
        File.WriteAllText(folder["s.xml"], "<ASAP_Annotations/>");
        Assert.Throws<InputException>(() => AnnotationFile.Of(folder[""], "s"));
    }

    private static string Feature(string type, string coordinates, string classification) =>
        $$$"""
            {"type": "Feature", "id": "x", "geometry": {"type": "{{{type}}}", "coordinates": {{{coordinates}}}},
             "properties": {"objectType": "annotation", "classification": {{{classification}}}, "isLocked": false}}
            """;

    /// <summary>ASAP draws on the scan's plane, QuPath on the slide within it.</summary>
    [Fact]
    public void Places_of_asap_are_moved_to_the_slides_corner_and_qupaths_are_not()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["a.xml"],
            """
            <ASAP_Annotations><Annotations><Annotation Name="a" Type="Polygon" PartOfGroup="Tumor"><Coordinates>
            <Coordinate Order="0" X="1100" Y="2200"/><Coordinate Order="1" X="1140" Y="2200"/><Coordinate Order="2" X="1140" Y="2230"/>
            </Coordinates></Annotation></Annotations></ASAP_Annotations>
            """
        );
        File.WriteAllText(
            folder["a.geojson"],
            """
            {"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[100,200],[140,200],[140,230],[100,200]]]},"properties":{"classification":"Tumor"}}
            """
        );

        foreach (var file in new[] { "a.xml", "a.geojson" })
        {
            var moved = AnnotationFile.Read(folder[file]).FromCorner((1000, 2000));

            Assert.Equal("Tumor", moved.InnermostAt(new SlidePoint(139, 201))?.Class);
            Assert.Null(moved.InnermostAt(new SlidePoint(1139, 2201)));
            Assert.Equal(600, moved.All[0].Area, 1e-9);
        }
    }
}
