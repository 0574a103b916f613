using Histonic.Slides;
using Histonic.Slides.Synthetic;
using Histonic.Tests.Support;
using NetVips;

namespace Histonic.Tests.Slides.Synthetic;

public sealed class SyntheticPatchesTests
{
    [Fact]
    public void Each_class_of_each_task_has_its_number_of_patches_from_several_slides()
    {
        using var folder = new TemporaryFolder();
        var options = new PatchSetOptions
        {
            PerClass = 4,
            PerSlide = 2,
            Threads = 2,
        };
        var count = SyntheticPatches.Write(
            folder["patches"],
            options,
            new Seed(2),
            SilentMonitor.Instance,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(13 * 4, count);
        foreach (var (task, classes) in SyntheticPatches.Tasks)
        {
            Assert.Equal(
                classes.Order(StringComparer.Ordinal),
                Directory
                    .GetDirectories(Path.Combine(folder["patches"], task))
                    .Select(Path.GetFileName)
                    .Order(StringComparer.Ordinal)
            );
            foreach (var name in classes)
            {
                var files = Directory.GetFiles(Path.Combine(folder["patches"], task, name));
                Assert.Equal(4, files.Length);
                Assert.True(files.Select(Group).Distinct(StringComparer.Ordinal).Count() >= 2);
                using var patch = Image.NewFromFile(files[0]);
                Assert.Equal((128, 128, 3), (patch.Width, patch.Height, patch.Bands));
            }
        }

        Assert.True(Darkest(folder["patches"], "mitosis") < Darkest(folder["patches"], "background"));
        Assert.Throws<InputException>(() =>
            SyntheticPatches.Write(
                folder["patches"],
                options,
                new Seed(3),
                SilentMonitor.Instance,
                CancellationToken.None
            )
        );
    }

    [Fact]
    public void Patches_depend_on_the_seed_and_their_slide_alone()
    {
        var wanted = new HashSet<PatchClass> { new("mitosis", "mitosis"), new("mitosis", "lookalike") };
        var token = TestContext.Current.CancellationToken;
        var options = new PatchSetOptions { PerClass = 10 };
        var first = PatchCutter.Cut(3, wanted, options, null, new Seed(2), token);
        var again = PatchCutter.Cut(3, wanted, options with { PerClass = 99 }, null, new Seed(2), token);
        Assert.NotEmpty(first);
        Assert.Equal(first.Select(patch => patch.Name), again.Select(patch => patch.Name));
        Assert.All(first.Zip(again), pair => Assert.Equal(pair.First.Rgb, pair.Second.Rgb));
    }

    [Fact]
    public void With_laboratories_tasks_share_no_slide_and_each_has_its_own_look()
    {
        using var folder = new TemporaryFolder();
        var options = new PatchSetOptions
        {
            PerClass = 16,
            PerSlide = 2,
            Nuisance = 2,
            Threads = 2,
        };
        var (shared, own) = (Make("shared", options), Make("own", options with { Laboratories = true }));

        Assert.NotEmpty(Slides(shared, "tumour").Intersect(Slides(shared, "tissue"), StringComparer.Ordinal));
        var tasks = SyntheticPatches.Tasks.Keys.Select(task => Slides(own, task)).ToList();
        Assert.Equal(tasks.Sum(slides => slides.Count), tasks.SelectMany(slides => slides).Distinct().Count());
        // tumour of one task is of like colour on all slides of its laboratory
        Assert.True(Spread(own) < 0.5 * Spread(shared), $"{Spread(own)} and {Spread(shared)}");

        string Make(string name, PatchSetOptions with)
        {
            SyntheticPatches.Write(
                folder[name],
                with,
                new Seed(4),
                SilentMonitor.Instance,
                TestContext.Current.CancellationToken
            );
            return folder[name];
        }

        static HashSet<string> Slides(string set, string task) =>
            [.. Directory.GetFiles(Path.Combine(set, task), "*.png", SearchOption.AllDirectories).Select(Group)];

        static double Spread(string set)
        {
            var means = Directory
                .GetFiles(Path.Combine(set, "tumour", "tumour"))
                .Select(file =>
                {
                    using var image = Image.NewFromFile(file);
                    using var red = image[0];
                    using var blue = image[2];
                    return red.Avg() - blue.Avg();
                })
                .ToList();
            return means.Average(mean => Math.Pow(mean - means.Average(), 2));
        }
    }

    private static string Group(string path) => Path.GetFileName(path).Split('_')[0];

    private static double Darkest(string folder, string name)
    {
        var task = string.Equals(name, "mitosis", StringComparison.Ordinal) ? "mitosis" : "tissue";
        return Directory
            .GetFiles(Path.Combine(folder, task, name))
            .Average(file =>
            {
                using var image = Image.NewFromFile(file);
                return image.Min();
            });
    }
}
