using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training;
using Histonic.Slides;
using Histonic.Slides.Annotations;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Interchange;
using Histonic.Slides.Reading;
using Histonic.Slides.Tissue;
using Histonic.Tests.Learning.Encoders;
using Histonic.Tests.Slides.Grids;
using Histonic.Tests.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Fuzzing;

/// <summary>A kind of input file: a sound one, and what the program does with it.</summary>
/// <param name="Name">The file's name; readers look at its extension.</param>
/// <param name="Sound">The bytes of a sound file.</param>
/// <param name="Use">Reads the file at a path, all of it.</param>
internal sealed record FuzzTarget(string Name, byte[] Sound, Action<string> Use)
{
    private static readonly InterchangeOptions _ofOthers = new()
    {
        Level0PixelSize = new Microns(0.25),
        PixelSize = new Microns(0.5),
        PatchSize = 256,
        Stride = 256,
        Encoder = "uni",
    };

    /// <summary>Every kind of file that a user gives to the program.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } = Make();

    private static List<FuzzTarget> Make()
    {
        using var folder = new TemporaryFolder();
        List<FuzzTarget> targets = [];
        void Add(string name, Action<string> use) =>
            targets.Add(new FuzzTarget(name, File.ReadAllBytes(folder[name]), use));

        var picture = TestSlides.Pattern(300, 200);
        TestSlides.WriteTiff(folder["jpeg.tif"], picture, pyramid: true, jpeg: true);
        Add("jpeg.tif", ReadSlide);
        TestSlides.WriteTiff(folder["deflate.tif"], picture, pyramid: true);
        Add("deflate.tif", ReadSlide);
        TestSlides.WriteTiff(
            folder["aperio.svs"],
            picture,
            description: "Aperio Image Library v11.2.1\n300x200 (64x64) JPEG/RGB Q=70|AppMag = 20|MPP = 0.4990",
            jpeg: true
        );
        Add("aperio.svs", ReadSlide);
        PictureFile.WritePng(folder["plain.png"], TestSlides.Pattern(60, 40));
        Add("plain.png", ReadSlide);
        File.WriteAllBytes(folder["plain.jpg"], PictureFile.ToJpeg(TestSlides.Pattern(60, 40)));
        Add("plain.jpg", ReadSlide);

        CompressedSlideFile.Write(
            folder["slide.h5"],
            CompressedSlideFileTests.Some(12, 4, symmetries: true, 3),
            FeaturePrecision.Bits16,
            DateTimeOffset.UnixEpoch
        );
        Add(
            "slide.h5",
            path =>
            {
                _ = CompressedSlideFile.ReadStamp(path);
                _ = FeatureMap.Of(CompressedSlideFile.Read(path));
            }
        );
        PatchSetFileTests.Write(folder["set.h5"], 10, 8, 2, new long[10]);
        Add(
            "set.h5",
            path =>
            {
                using var set = PatchSetFile.Open(path);
                for (var i = 0; i < Math.Min(set.Count, 100); i++)
                    set.Read(i);
            }
        );
        NpyFile.Write(folder["grid.npy"], new FeatureMap(3, 4, 5, new float[60]));
        Add("grid.npy", path => _ = NpyFile.Read(path));
        foreach (
            var file in new[]
            {
                "clam/h5_files/ring.h5",
                "trident/20x_256px_0px_overlap/features_uni_v1/ring.h5",
                "stamp/uni-0a1b2c3d/batch 1/ring.h5",
                "wsilearn/ring.h5",
                "npy/ring.npy",
            }
        )
        {
            var name = $"{file.Split('/')[0]}{Path.GetExtension(file)}";
            File.Copy(
                Path.Combine(AppContext.BaseDirectory, "golden", "interchange", Path.Combine(file.Split('/'))),
                folder[name]
            );
            Add(name, path => _ = SlideImport.Read(path, _ofOthers));
        }

        var weights = RandomEncoders.Weights(new Random(1), 16);
        OnnxEncoderFile.Write(folder["encoder.onnx"], weights, RandomEncoders.Info(weights));
        Add(
            "encoder.onnx",
            path =>
            {
                using var encoder = OnnxEncoder.Open(path, 1);
                encoder.Encode(
                    new float[3 * encoder.Info.PatchSize * encoder.Info.PatchSize],
                    1,
                    new float[encoder.Info.Channels]
                );
            }
        );
        File.WriteAllText(
            folder["labels.csv"],
            "slide,patient,pattern,score,time,event\na,p1,solid,0.5,12,1\n\"b, c\",p2,acinar,,3.5,0\nd,p3,\"so\"\"lid\",1e3,,\n"
        );
        Add(
            "labels.csv",
            path =>
            {
                _ = LabelTable.Read(path);
                _ = Histonic.Learning.Compression.SlideList.Find([path]);
            }
        );
        File.WriteAllText(
            folder["predictions.csv"],
            "slide,patient,fold,split,pattern,prediction,prediction_acinar,prediction_solid\na,p1,1,test,solid,solid,0.2,0.8\nb,p2,2,test,acinar,solid,0.4,0.6\n"
        );
        Add("predictions.csv", path => _ = PredictionTable.Read(path, new TargetSpec.Classification("pattern")));
        File.WriteAllText(
            folder["outlines.geojson"],
            """{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[0,0],[90,0],[90,80],[0,0]],[[10,5],[20,5],[20,9],[10,5]]]},"properties":{"objectType":"annotation","classification":{"name":"Tumor","color":[1,2,3]}}},{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[9,0],[9,8],[0,0]]]]},"properties":{}}]}"""
        );
        Add("outlines.geojson", path => _ = AnnotationFile.Read(path, "none"));
        File.WriteAllText(
            folder["outlines.xml"],
            """<?xml version="1.0"?><ASAP_Annotations><Annotations><Annotation Name="A 0" Type="Polygon" PartOfGroup="Tumor" Color="#F4FA58"><Coordinates><Coordinate Order="0" X="1.5" Y="2"/><Coordinate Order="1" X="80" Y="2"/><Coordinate Order="2" X="80" Y="70"/></Coordinates></Annotation></Annotations><AnnotationGroups><Group Name="Tumor" PartOfGroup="None" Color="#00ff00"><Attributes/></Group></AnnotationGroups></ASAP_Annotations>"""
        );
        Add("outlines.xml", path => _ = AnnotationFile.Read(path, "none"));
        File.WriteAllText(
            folder["train.yaml"],
            "objective: mtl\nname: x\ntasks:\n  - name: mitosis\n    location: patches\n    mpp: 0.25\nbatch: 64\nlearning_rate: 0.001\naugmentation: papers\n"
        );
        Add("train.yaml", path => _ = EncoderTrainingFile.Read(path));
        return targets;
    }

    private static void ReadSlide(string path)
    {
        using var slide = SlideReader.Open(path);
        var rgb = new byte[64 * 64 * 3];
        foreach (var level in slide.Levels)
        {
            foreach (var reduction in slide.Reductions(level.Index))
            {
                slide.ReadReduced(level.Index, reduction, 0, 0, 64, 64, rgb);
                slide.ReadReduced(
                    level.Index,
                    reduction,
                    (level.Width / reduction) - 32,
                    (level.Height / reduction) - 32,
                    64,
                    64,
                    rgb
                );
            }
        }

        foreach (var name in slide.AssociatedImages)
            slide.ReadAssociated(name);
        _ = TissueDetector.Detect(slide, new TissueOptions());
    }
}
