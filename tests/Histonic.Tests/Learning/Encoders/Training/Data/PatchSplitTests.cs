using System.Globalization;
using CsCheck;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Reading;
using Histonic.Tests.Slides.Reading;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Training.Data;

public sealed class PatchSplitTests
{
    private static readonly string[] _columns = ["task", "group", "part", "file"];

    [Fact]
    public void A_second_training_puts_every_patch_where_the_first_had_it_even_beside_another_task()
    {
        using var folder = new TemporaryFolder();
        var tasks = Tasks(folder);
        var first = Parts(tasks, PatchSplit.Of(SplitShares.Default), new Seed(1), GroupRule.Default);
        Assert.Equal(3, first.Values.Distinct().Count());
        Save(folder["splits.csv"], tasks, new Seed(1));
        Pictures(folder["new"], (label, i) => string.Create(CultureInfo.InvariantCulture, $"q{i % 7}_{label}{i}.png"));
        TaskSource[] more = [new("new", folder["new"]), .. tasks];

        var again = Parts(
            more,
            PatchSplit.Read(folder["splits.csv"], SplitShares.Default),
            new Seed(2),
            GroupRule.Default
        );

        Assert.All(first, one => Assert.Equal(one.Value, again[one.Key]));
        Assert.Equal(first.Count + 24, again.Count);
        // and without the file another seed moves some
        var moved = Parts(tasks, PatchSplit.Of(SplitShares.Default), new Seed(2), GroupRule.Default);
        Assert.Contains(first, one => moved[one.Key] != one.Value);
    }

    [Fact]
    public void The_data_may_have_moved_and_the_task_may_have_another_name()
    {
        using var folder = new TemporaryFolder();
        var tasks = Tasks(folder);
        var first = Parts(tasks, PatchSplit.Of(SplitShares.Default), new Seed(1), GroupRule.Default);
        Save(folder["splits.csv"], tasks, new Seed(1));
        Directory.Move(folder["data"], folder["moved"]);
        TaskSource[] moved =
        [
            .. tasks.Select(task =>
                task with
                {
                    Name = task.Name + "-2",
                    Location = task.Location.Replace(folder["data"], folder["moved"], StringComparison.Ordinal),
                }
            ),
        ];
        var again = Parts(
            moved,
            PatchSplit.Read(folder["splits.csv"], SplitShares.Default),
            new Seed(2),
            GroupRule.Default
        );
        Assert.Equal(first.Count, again.Count);
        Assert.All(first, one => Assert.Equal(one.Value, again[(one.Key.Task + "-2", one.Key.File)]));
    }

    [Fact]
    public void Files_of_one_name_in_two_classes_are_two_patches()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder["t"], (_, i) => $"{(char)('a' + i)}.png"); // no groups
        TaskSource[] tasks = [new("t", folder["t"])];
        Save(folder["splits.csv"], tasks, new Seed(1));
        var first = Parts(tasks, PatchSplit.Of(SplitShares.Default), new Seed(1), GroupRule.Default);
        var again = Parts(
            tasks,
            PatchSplit.Read(folder["splits.csv"], SplitShares.Default),
            new Seed(2),
            GroupRule.Default
        );
        Assert.Equal(first.OrderBy(one => one.Key), again.OrderBy(one => one.Key));
        Assert.Contains(first, one => first[("t", "y/" + one.Key.File[2..])] != one.Value);
    }

    [Fact]
    public void Patches_that_were_alone_can_be_grouped_later_if_no_group_is_parted()
    {
        using var folder = new TemporaryFolder();
        Pictures(folder["t"], (label, i) => string.Create(CultureInfo.InvariantCulture, $"case{label}{i / 2}-{i}.png"));
        TaskSource[] tasks = [new("t", folder["t"])];
        var rule = GroupRule.FromRegex("^case[xy0-9]+");
        // a group of two is in one part by hand
        var rows = Parts(tasks, PatchSplit.Of(SplitShares.Default), new Seed(1), rule);
        CsvTable.Write(
            folder["whole.csv"],
            _columns,
            rows.Select(one => new object?[] { "t", "", one.Value.ToString().ToLowerInvariant(), one.Key.File })
        );
        var again = Parts(tasks, PatchSplit.Read(folder["whole.csv"], SplitShares.Default), new Seed(2), rule);
        Assert.Equal(rows.OrderBy(one => one.Key), again.OrderBy(one => one.Key));

        CsvTable.Write(
            folder["parted.csv"],
            _columns,
            rows.Select((one, i) => new object?[] { "t", "", i % 2 == 0 ? "train" : "test", one.Key.File })
        );
        var error = Assert.Throws<InputException>(() =>
            Parts(tasks, PatchSplit.Read(folder["parted.csv"], SplitShares.Default), new Seed(2), rule)
        );
        Assert.Equal(folder["parted.csv"], error.Subject);
        Assert.Contains("in two parts", error.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("group,file,part\np1,a.png,train\np1,b.png,test\n", ", line 3", "puts p1 into test")]
    [InlineData("task,group,file,part\nt,,a.png,train\nt,,a.png,test\n", ", line 3", "puts a.png into test")]
    [InlineData("group,file,part\np1,a.png,holdout\n", ", line 2", "\"holdout\"")]
    [InlineData("group,part\np1,train\n", "", "no column \"file\"")]
    public void A_split_that_is_at_fault_is_refused_with_its_line(string text, string place, string finding)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["splits.csv"], text);
        var error = Assert.Throws<InputException>(() => PatchSplit.Read(folder["splits.csv"], SplitShares.Default));
        Assert.Equal(folder["splits.csv"] + place, error.Subject);
        Assert.Contains(finding, error.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void No_group_is_ever_in_two_parts() =>
        Gen.Select(Gen.Int[0, 8].Array[1, 60], Gen.Int[0, 2].Array[60], Gen.Int)
            .Sample(
                (groups, parts, seed) =>
                {
                    using var folder = new TemporaryFolder();
                    CsvTable.Write(
                        folder["splits.csv"],
                        ["group", "file", "part"],
                        Enumerable
                            .Range(0, 5)
                            .Select(i =>
                                new object?[] { $"g{i}", $"f{i}", ((SplitPart)parts[i]).ToString().ToLowerInvariant() }
                            )
                    );
                    var dealt = PatchSplit
                        .Read(folder["splits.csv"], SplitShares.Default)
                        .Deal(
                            groups.Select((group, i) => new SplitPatch("t", $"x{i}", $"g{group}", $"c{i % 2}")),
                            new Seed(seed)
                        );
                    return dealt.Count == groups.Distinct().Count()
                        && groups.Where(group => group < 5).All(group => dealt[$"g{group}"] == (SplitPart)parts[group]);
                },
                iter: 50
            );

    /// <summary>A task of every kind but slides, whose groups are slides.</summary>
    private static TaskSource[] Tasks(TemporaryFolder folder)
    {
        Pictures(
            folder["data/folders"],
            (label, i) => string.Create(CultureInfo.InvariantCulture, $"p{i % 9}_{label}{i}.png")
        );
        Pictures(folder["data/manifest"], (label, i) => string.Create(CultureInfo.InvariantCulture, $"{label}{i}.png"));
        File.WriteAllLines(
            folder["data/set.csv"],
            Directory
                .EnumerateFiles(folder["data/manifest"], "*.png", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(folder["data"], path))
                .Select(path => $"{path},{Path.GetFileName(path)[0]}")
                .Prepend("file,class")
        );
        PatchSetFileTests.Write(
            folder["data/patches.h5"],
            30,
            8,
            4,
            [.. Enumerable.Range(0, 30).Select(i => (long)(i % 2))]
        );
        return
        [
            new("folders", folder["data/folders"]),
            new("table", folder["data/set.csv"]),
            new("packed", folder["data/patches.h5"]),
        ];
    }

    private static void Pictures(string folder, Func<string, int, string> name)
    {
        foreach (var label in new[] { "x", "y" })
        {
            for (var i = 0; i < 12; i++)
                PictureFile.WritePng(Path.Combine(folder, label, name(label, i)), TestSlides.Pattern(8, 8));
        }
    }

    private static void Save(string path, TaskSource[] tasks, Seed seed)
    {
        using var read = Read(tasks, PatchSplit.Of(SplitShares.Default), seed, GroupRule.Default);
        var options = new Histonic.Learning.Encoders.Training.EncoderTrainingOptions { Tasks = tasks };
        var run = Path.Combine(Path.GetDirectoryName(path)!, "run");
        new Histonic.Learning.Encoders.Training.TrainingFiles(run, options).WriteSplits(read.All);
        File.Copy(Path.Combine(run, "splits.csv"), path);
    }

    private static Dictionary<(string Task, string File), SplitPart> Parts(
        TaskSource[] tasks,
        PatchSplit split,
        Seed seed,
        GroupRule rule
    )
    {
        using var read = Read(tasks, split, seed, rule);
        return read
            .All.SelectMany(task =>
                task.Samples.Select(sample =>
                    (Key: (task.Name, PatchSplit.FileOf(task.Options, sample.Id)), sample.Part)
                )
            )
            .ToDictionary(one => one.Key, one => one.Part);
    }

    private static PatchTasks Read(TaskSource[] tasks, PatchSplit split, Seed seed, GroupRule rule) =>
        PatchTaskReader.Read(
            tasks,
            rule,
            split,
            seed,
            new PatchPixels(new PatchScale(8, new Microns(0.5)), 1 << 20, 2),
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        );
}
