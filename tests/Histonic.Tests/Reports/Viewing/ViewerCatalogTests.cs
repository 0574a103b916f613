using Histonic.Reports.Evaluation;
using Histonic.Reports.Pages;
using Histonic.Reports.Viewing;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Tests.Support;

namespace Histonic.Tests.Reports.Viewing;

public sealed class ViewerCatalogTests
{
    [Fact]
    public void Slides_features_maps_and_runs_are_found_wherever_they_lie()
    {
        using var folder = ViewedFolder.Make();

        var catalog = ViewerCatalog.Of(folder.Path);

        Assert.Equal(["a", ViewedFolder.OddName], catalog.Slides.Select(slide => slide.Name));
        var a = catalog.Named("a")!;
        Assert.Equal(folder["slides/a.tif"], a.Path);
        Assert.Equal(["features"], a.Features.Keys);
        Assert.Equal(["maps"], a.Maps.Keys);
        Assert.Equal(("run", 2), (catalog.Runs.Single().Name, catalog.Runs.Single().Predictions!.Rows.Count));
        Assert.Empty(catalog.Notes);
    }

    [Fact]
    public void A_run_of_several_targets_is_shown_target_by_target()
    {
        using var folder = ViewedFolder.Make();
        Directory.CreateDirectory(folder["all"]);
        var row = new Prediction
        {
            Slide = "a",
            Patient = "p",
            Score = 3,
            Value = 2,
        };
        PredictionTable[] tables =
        [
            new(new TargetSpec.Regression("score"), [], [row, row with { Slide = "b", Patient = "q" }]),
            new(new TargetSpec.Regression("age"), [], [row, row with { Slide = "b", Patient = "q", Value = 5 }]),
        ];
        PredictionTable.Write(folder["all/predictions.csv"], tables);
        RunReport.Write(folder["all"], tables, "p", new EvaluationOptions { Resamples = 100 }, "Made up.", []);

        var runs = ViewerCatalog.Of(folder.Path).Runs;

        Assert.Equal(["all: score", "all: age", "run"], runs.Select(run => run.Name));
        Assert.Equal(3, runs.DistinctBy(run => run.Id).Count());
        Assert.Equal([2, 5], runs[1].Predictions!.Rows.Select(one => one.Value));
    }

    [Fact]
    public void A_picture_is_a_slide_only_where_it_is_meant_as_one()
    {
        using var folder = ViewedFolder.Make();
        Directory.CreateDirectory(folder["masks"]);
        File.WriteAllText(folder["masks/a.png"], "");
        File.WriteAllText(folder["masks/other.png"], "");
        File.WriteAllText(folder["slides/photo.jpg"], "");

        var catalog = ViewerCatalog.Of(folder.Path);

        Assert.Equal(["a", ViewedFolder.OddName, "photo"], catalog.Slides.Select(slide => slide.Name));
        Assert.Equal(folder["slides/a.tif"], catalog.Named("a")!.Path);
    }

    [Fact]
    public void The_picture_of_a_heat_map_is_not_taken_for_its_slide()
    {
        using var folder = ViewedFolder.Make();
        Directory.Move(folder["slides"], folder["scans"]);
        File.WriteAllText(folder["maps/a.tiff"], "");
        File.WriteAllText(folder["maps/a.png"], "");
        File.WriteAllText(folder["maps/a.patches.csv"], "end,rank,row,column,x,y,value\n");
        File.WriteAllText(folder["maps/a.patches.png"], "");

        var catalog = ViewerCatalog.Of(folder.Path);

        Assert.Equal(["a", ViewedFolder.OddName], catalog.Slides.Select(slide => slide.Name));
        Assert.Equal(folder["scans/a.tif"], catalog.Named("a")!.Path);
    }

    [Fact]
    public void Links_out_of_the_folder_are_followed_only_when_asked_for_and_links_within_always()
    {
        using var outside = new TemporaryFolder();
        using var folder = ViewedFolder.Make();
        File.Copy(folder["slides/a.tif"], outside["secret.tif"]);
        File.CreateSymbolicLink(folder["slides/secret.tif"], outside["secret.tif"]);
        Directory.CreateSymbolicLink(folder["elsewhere"], outside.Path);
        Directory.CreateSymbolicLink(folder["round"], folder.Path);
        File.CreateSymbolicLink(folder["slides/nowhere.tif"], folder["slides/gone.tif"]);
        File.CreateSymbolicLink(folder["slides/within.tif"], "a.tif");

        var catalog = ViewerCatalog.Of(folder.Path);

        Assert.Equal(["a", ViewedFolder.OddName, "within"], catalog.Slides.Select(slide => slide.Name));
        Assert.StartsWith("3 links", catalog.Notes.Single());

        catalog = ViewerCatalog.Of(folder.Path, followLinks: true);

        Assert.Equal(["a", ViewedFolder.OddName, "secret", "within"], catalog.Slides.Select(slide => slide.Name));
        Assert.Equal(folder["slides/secret.tif"], catalog.Folder.Checked(catalog.Named("secret")!.Path!));
        Assert.Equal("1 links lead nowhere.", catalog.Notes.Single());
    }

    [Fact]
    public void A_folder_of_links_only_is_told_how_they_are_followed()
    {
        using var outside = ViewedFolder.Make();
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder["a.tif"], outside["slides/a.tif"]);

        var error = Assert.Throws<InputException>(() => ViewerCatalog.Of(folder.Path));

        Assert.Contains("1 links that lead out of it. Give --follow-links", error.Message, StringComparison.Ordinal);
        Assert.Single(ViewerCatalog.Of(folder.Path, followLinks: true).Slides);
    }

    [Fact]
    public void A_folder_that_is_itself_a_link_can_be_shown()
    {
        using var beside = new TemporaryFolder();
        using var folder = ViewedFolder.Make();
        Directory.CreateSymbolicLink(beside["link"], folder.Path);

        Assert.Equal(2, ViewerCatalog.Of(beside["link"]).Slides.Count);
    }

    [Fact]
    public void Tables_of_labels_are_found_and_damaged_ones_are_told()
    {
        using var folder = ViewedFolder.Make();
        Directory.CreateDirectory(folder["other"]);
        File.WriteAllText(folder["labels.csv"], "slide,patient,grade,age\na.tif,p1,low,61\nb,p2,,\n");
        File.WriteAllText(folder["other/labels.csv"], "slide,grade\na,low\na,high\n");

        var catalog = ViewerCatalog.Of(folder.Path);

        var labels = Assert.Single(catalog.Labels);
        Assert.Equal("labels.csv", labels.Name);
        Assert.Equal(["grade", "age"], labels.Columns);
        Assert.Equal("p1", labels.Rows["a"].Patient);
        Assert.Equal(["low", "61"], labels.Rows["a"].Values);
        Assert.Equal(["", ""], labels.Rows["b"].Values);
        Assert.Contains("other/labels.csv is not shown", catalog.Notes.Single());
    }

    [Fact]
    public void A_run_that_cannot_be_read_says_why()
    {
        using var folder = ViewedFolder.Make();
        File.WriteAllText(folder["run/metrics.json"], "{");

        var run = ViewerCatalog.Of(folder.Path).Runs.Single();

        Assert.Null(run.Predictions);
        Assert.Contains("metrics.json", run.Problem);
    }

    [Fact]
    public void A_folder_with_nothing_to_show_is_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("holds no slides", Assert.Throws<InputException>(() => ViewerCatalog.Of(folder.Path)).Message);
        Assert.Throws<InputException>(() => ViewerCatalog.Of(folder["missing"]));
    }
}
