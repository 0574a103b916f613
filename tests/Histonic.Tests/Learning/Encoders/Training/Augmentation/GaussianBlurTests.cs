using Histonic.Learning.Encoders.Training.Augmentation;

namespace Histonic.Tests.Learning.Encoders.Training.Augmentation;

public sealed class GaussianBlurTests
{
    [Theory]
    [InlineData(32, 0.5)]
    [InlineData(33, 1.3)]
    [InlineData(35, 4)]
    [InlineData(32, 16)]
    public void A_blur_is_the_sum_over_all_pixels_around_with_Gaussian_weights(int side, double sigma)
    {
        var random = new Random(1);
        var plane = Enumerable.Range(0, side * side).Select(_ => random.NextSingle()).ToArray();
        var actual = Blur(plane, side, sigma);
        var reach = (int)Math.Ceiling(4 * sigma);
        foreach (var (row, column) in new[] { (0, 0), (0, side - 1), (side - 1, 3), (side / 2, side / 2) })
        {
            var (sum, weights) = (0.0, 0.0);
            for (var y = -reach; y <= reach; y++)
            {
                for (var x = -reach; x <= reach; x++)
                {
                    var weight = Math.Exp(-((x * x) + (y * y)) / (2 * sigma * sigma));
                    sum += weight * plane[(Mirrored(row + y, side) * side) + Mirrored(column + x, side)];
                    weights += weight;
                }
            }

            Assert.Equal(sum / weights, actual[(row * side) + column], 1e-5);
        }
    }

    [Fact]
    public void The_papers_blur_of_a_tenth_of_a_pixel_changes_nothing()
    {
        var plane = Enumerable.Range(0, 32 * 32).Select(i => (i * 37 % 256) / 255f).ToArray();
        Assert.Equal(plane, Blur(plane, 32, 0.1));
    }

    private static float[] Blur(float[] plane, int side, double sigma)
    {
        float[] padded = [.. plane, .. new float[16]];
        GaussianBlur.Apply(sigma, side, padded, ViewBuffers.OfThread);
        return padded[..plane.Length];
    }

    // step by step, as a ball between two walls
    private static int Mirrored(int position, int length)
    {
        while (position < 0 || position >= length)
            position = position < 0 ? -position : (2 * (length - 1)) - position;
        return position;
    }
}
