using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Reading;

namespace Histonic.Tests.Learning.Encoders.Training.Augmentation;

public sealed class AugmentationSheetTests
{
    [Theory]
    [InlineData(128, 128)] // views of 64 × 64, at twice their size
    [InlineData(200, 100)]
    public void A_row_holds_the_middle_as_it_is_and_seven_changed_views_on_white(int patchSize, int shown)
    {
        var shape = new EncoderShape { PatchSize = patchSize };
        (string, SourcePatch)[] patches = [("task\none", Plain(150, 60)), ("task\nanother", Plain(150, 160))];
        var sheet = new AugmentationSheet(AugmentationOptions.Parse("none,brightness=0.1"), shape, new Seed(1)).Draw(
            patches
        );
        Assert.Equal(sheet.Width * sheet.Height * 3, sheet.Pixels.Length);

        // from below: a gap, the second row, a gap, the first row
        foreach (var (bottom, value) in new[] { (6 + 10, 160), (6 + shown + 6 + 10, 60) })
        {
            var line = sheet.Pixels.AsSpan((sheet.Height - bottom) * sheet.Width * 3, sheet.Width * 3).ToArray();
            var runs = Runs([.. line.Chunk(3).Select(pixel => (int)pixel[0])])
                .Where(run => run.Length == shown)
                .ToList();
            Assert.Equal(8, runs.Count);
            Assert.Equal(value, runs[0].Value);
            Assert.All(runs.Skip(1), run => Assert.InRange(run.Value, value * 0.89, value * 1.11));
            Assert.True(runs.Select(run => run.Value).Distinct().Count() > 3);
        }
    }

    [Fact]
    public void One_seed_draws_one_sheet()
    {
        var random = new Random(1);
        var pixels = new byte[140 * 140 * 3];
        random.NextBytes(pixels);
        (string, SourcePatch)[] patches = [("a", new SourcePatch(new RgbImage(140, 140, pixels), 1))];
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));

        byte[] Draw(int seed) =>
            new AugmentationSheet(AugmentationOptions.Named["strong"], new EncoderShape(), new Seed(seed))
                .Draw(patches)
                .Pixels;
    }

    private static IEnumerable<(int Value, int Length)> Runs(int[] numbers)
    {
        for (var i = 0; i < numbers.Length; )
        {
            var length = numbers.Skip(i).TakeWhile(number => number == numbers[i]).Count();
            if (numbers[i] < 255)
                yield return (numbers[i], length);
            i += length;
        }
    }

    private static SourcePatch Plain(int side, byte value)
    {
        var pixels = new byte[side * side * 3];
        Array.Fill(pixels, value);
        return new SourcePatch(new RgbImage(side, side, pixels), 1);
    }
}
