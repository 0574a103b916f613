using Histonic.Cli;
using Histonic.Learning.Encoders.Training;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Datasets;
using Histonic.Tests.Cli;
using Histonic.Tests.Support;
using PureHDF;

namespace Histonic.Tests.Slides.Datasets;

/// <summary>Each adapter on a miniature in the layout that the set is given out in.</summary>
public sealed class DatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tupac16_gives_line_n_to_slide_n()
    {
        File.WriteAllText(_folder["tupac16_training.csv"], "1,-0.5\n3,0.25\n");

        Prepare("tupac16");

        var labels = LabelTable.Read(_folder["out/labels.csv"]);
        Assert.Equal(["TUPAC-TR-001", "TUPAC-TR-002"], labels.Slides);
        Assert.Equal("0.25", labels.Texts("proliferation")["TUPAC-TR-002"]);
        Assert.Equal("3", labels.Texts("mitotic_score")["TUPAC-TR-002"]);
    }

    [Theory]
    [InlineData("1,0.5\n4,0.5\n")]
    [InlineData("1,0.5\n2\n")]
    [InlineData("1,0.5\n2,x\n")]
    public void Tupac16_names_the_line_that_is_none(string table)
    {
        File.WriteAllText(_folder["t.csv"], table);

        var error = Assert.Throws<InputException>(() => Prepare("tupac16"));

        Assert.EndsWith("t.csv, line 2", error.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_tupac16_table_has_500_slides()
    {
        var rows = File.ReadAllLines(RealData.Path("labels/tupac16_training.csv"));

        DatasetCatalog
            .Find("tupac16")
            .Prepare(RealData.Path("labels/tupac16_training.csv"), _folder["out"], SilentMonitor.Instance);

        var labels = LabelTable.Read(_folder["out/labels.csv"]);
        Assert.Equal(500, labels.Slides.Count);
        Assert.Equal(
            double.Parse(rows[499].Split(',')[1], System.Globalization.CultureInfo.InvariantCulture),
            double.Parse(
                labels.Texts("proliferation")["TUPAC-TR-500"],
                System.Globalization.CultureInfo.InvariantCulture
            )
        );
    }

    [Fact]
    public void Tcga_turns_censorship_into_events_and_keeps_patients_together()
    {
        File.WriteAllText(
            _folder["tcga_x.csv"],
            ",case_id,slide_id,survival_months,censorship\n0,A,A-DX1.svs,10.5,1\n1,A,A-DX2.svs,10.5,1\n2,B,B-DX1.svs,3,0\n"
        );

        Prepare("tcga");

        var truths = LabelTable.Read(_folder["out/labels.csv"]).Truths(new TargetSpec.Survival("months", "event"));
        Assert.Equal(["A", "A", "B"], truths.Select(truth => truth.Patient));
        Assert.Equal(["0", "0", "1"], CsvTable.Read(_folder["out/labels.csv"]).Rows.Select(row => row.Fields[3]));
    }

    [Theory]
    [InlineData("0,A,a.svs,10,2", "censorship")]
    [InlineData("0,A,a.svs,-1,1", "months")]
    [InlineData("0,P,a.svs,11,1", "otherwise than on line 2")]
    [InlineData("0,A,p.svs,11,1", "already on line 2")]
    public void Tcga_refuses_what_cannot_be(string line, string told)
    {
        File.WriteAllText(_folder["t.csv"], $",case_id,slide_id,survival_months,censorship\n0,P,p.svs,10,1\n{line}\n");

        var error = Assert.Throws<InputException>(() => Prepare("tcga"));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("line 3", error.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tcga_brca", 931)]
    [InlineData("tcga_coadread", 301)]
    public void The_real_tcga_tables_are_taken_whole(string name, int slides)
    {
        var source = RealData.Path($"labels/{name}.csv");

        DatasetCatalog.Find("tcga").Prepare(source, _folder["out"], SilentMonitor.Instance);

        var (theirs, ours) = (CsvTable.Read(source), CsvTable.Read(_folder["out/labels.csv"]));
        Assert.Equal(slides, ours.Rows.Count);
        Assert.Equal(
            theirs.Rows.Count(row => theirs.Number(row, theirs.Require("censorship")) == 0),
            ours.Rows.Count(row => ours.Number(row, ours.Require("event")) == 1)
        );
    }

    [Fact]
    public void Camelyon16_labels_slides_and_draws_on_training_slides_only()
    {
        foreach (var name in new[] { "normal_001", "tumor_001", "tumor_001_mask", "test_001", "test_002" })
        {
            Directory.CreateDirectory(_folder["images"]);
            TestSlides.WriteTiff(_folder[$"images/{name}.tif"], TestSlides.Pattern(256, 256));
        }

        Directory.CreateDirectory(_folder["annotations"]);
        foreach (var name in new[] { "tumor_001", "test_001" })
            File.WriteAllText(_folder[$"annotations/{name}.xml"], "<ASAP_Annotations/>");
        File.WriteAllText(_folder["reference.csv"], "test_001,Tumor,IDC,Macro\ntest_002,Normal,None,None\n");

        Prepare("camelyon16");

        Assert.Equal(
            ["normal_001,0,train", "test_001,1,test", "test_002,0,test", "tumor_001,1,train"],
            CsvTable
                .Read(_folder["out/labels.csv"])
                .Rows.Select(row => $"{row.Fields[0]},{row.Fields[2]},{row.Fields[3]}")
        );
        var task = Assert.Single(EncoderTrainingFile.Read(_folder["out/encoder.yaml"]).Tasks);
        Assert.Equal(
            ["tumor_001.xml"],
            Directory.EnumerateFiles(task.Annotations!).Select(path => Path.GetFileName(path))
        );
        Assert.Equal(_folder["images"], task.Location);
        Assert.Equal(("normal", "tumor", "normal"), (task.Rest, task.Classes["_1"], task.Classes["_2"]));
    }

    [Fact]
    public void Camelyon17_gives_slides_their_patient_stage_and_hospital()
    {
        File.WriteAllText(
            _folder["stage_labels.csv"],
            "patient,stage\npatient_020.zip,pN1\npatient_020_node_0.tif,negative\npatient_020_node_1.tif,macro\n"
        );

        Prepare("camelyon17");

        Assert.Equal(
            [
                "patient_020_node_0,patient_020,negative,0,pN1,centre_1",
                "patient_020_node_1,patient_020,macro,1,pN1,centre_1",
            ],
            CsvTable.Read(_folder["out/labels.csv"]).Rows.Select(row => string.Join(',', row.Fields))
        );
    }

    [Fact]
    public void PatchCamelyon_becomes_a_task_with_the_slides_as_groups()
    {
        const string Stem = "camelyonpatch_level_2_split_train";
        new H5File { ["x"] = new H5Dataset(new byte[2 * 96 * 96 * 3], fileDims: [2, 96, 96, 3]) }.Write(
            _folder[$"{Stem}_x.h5"]
        );
        new H5File { ["y"] = new H5Dataset(new byte[] { 0, 1 }, fileDims: [2, 1, 1, 1]) }.Write(
            _folder[$"{Stem}_y.h5"]
        );
        File.WriteAllText(
            _folder[$"{Stem}_meta.csv"],
            ",coord_y,coord_x,tumor_patch,center_tumor_patch,wsi\n0,1,2,False,False,camelyon16_train_normal_033\n1,3,4,True,True,camelyon16_train_tumor_009\n"
        );

        Prepare("pcam");

        using var source = Source();
        Assert.Equal(["normal", "tumor"], source.Patches.Select(patch => source.Classes[patch.Class]));
        Assert.Equal(
            ["camelyon16_train_normal_033", "camelyon16_train_tumor_009"],
            source.Patches.Select(patch => patch.Group)
        );
        Assert.Equal(new Microns(0.972), source.Patches[0].PixelSize);
    }

    [Fact]
    public async Task Nct_crc_is_read_from_its_class_folders_and_others_are_refused()
    {
        foreach (var name in new[] { "ADI", "TUM" })
        {
            Directory.CreateDirectory(_folder[$"set/{name}"]);
            TestSlides.WriteTiff(_folder[$"set/{name}/{name}-AAAFLCLY.tif"], TestSlides.Pattern(224, 224));
        }

        var (exit, results, messages) = await CommandLineTests.Run(
            $"dataset nct-crc --in {_folder["set"]} --out {_folder["out"]}"
        );
        Assert.True(exit == ExitCode.Done, messages);
        Assert.Contains("2 patches of 2 classes", results, StringComparison.Ordinal);
        Assert.Contains("class BACK is missing", messages, StringComparison.Ordinal);
        using var source = Source();
        Assert.Equal(["ADI", "TUM"], source.Classes);

        Directory.CreateDirectory(_folder["set/other"]);
        (exit, _, messages) = await CommandLineTests.Run(
            $"dataset nct-crc --in {_folder["set"]} --out {_folder["out"]}"
        );
        Assert.Equal(ExitCode.InputAtFault, exit);
        Assert.Contains("is no class of this set", messages, StringComparison.Ordinal);
    }

    private void Prepare(string name) =>
        DatasetCatalog.Find(name).Prepare(_folder.Path, _folder["out"], SilentMonitor.Instance);

    private IPatchSource Source() =>
        PatchTaskReader.Open(
            Assert.Single(EncoderTrainingFile.Read(_folder["out/encoder.yaml"]).Tasks),
            GroupRule.Default,
            new PatchScale(128, new Microns(0.5)),
            SilentMonitor.Instance
        );
}
