using Histonic.Learning.Encoders.Training.Augmentation;

namespace Histonic.Tests.Learning.Encoders.Training.Augmentation;

public sealed class ElasticFieldTests
{
    [Theory]
    [InlineData(9, 2)]
    [InlineData(11, 2)]
    [InlineData(10, 1)]
    [InlineData(4, 2)]
    [InlineData(2, 1)]
    [InlineData(19, 2)]
    public void Displacements_are_as_large_and_as_smooth_as_those_of_noise_in_every_pixel(double sigma, int pool)
    {
        const int Side = 40;
        var apart = (int)Math.Ceiling(sigma / pool);
        var coarse = Moments(seed => Field(seed, 100, sigma, Side, pool), 2000, Side, apart);
        var full = Moments(seed => FullField(seed, 100, sigma, Side, pool), 200, Side, apart);

        // 100 / √3 · 1 / (2 σ √π), and how alike places are that lie about σ apart: exp(−d² / 4σ²)
        var deviation = 100 / Math.Sqrt(3) / (2 * sigma * Math.Sqrt(Math.PI));
        var alike = Math.Exp(-apart * apart * pool * pool / (4 * sigma * sigma));
        Assert.Equal(1, coarse.Deviation / deviation, 0.025);
        Assert.Equal(1, full.Deviation / deviation, 0.1);
        Assert.Equal(alike, coarse.Alike, 0.015);
        Assert.Equal(alike, full.Alike, 0.05);
    }

    [Fact]
    public void Every_place_of_a_view_is_moved_as_far_as_another()
    {
        const int Side = 32;
        var squares = new double[Side];
        for (var seed = 0; seed < 600; seed++)
        {
            var field = Field(seed, 100, 10, Side, 2);
            for (var row = 0; row < Side; row++)
            {
                for (var column = 0; column < Side; column++)
                    squares[row] += field[row, column] * field[row, column] / (600.0 * Side);
            }
        }

        var mean = squares.Average();
        Assert.All(squares, square => Assert.Equal(1, square / mean, 0.15));
    }

    private static (double Deviation, double Alike) Moments(Func<int, double[,]> make, int fields, int side, int apart)
    {
        var (squares, products) = (0.0, 0.0);
        for (var seed = 0; seed < fields; seed++)
        {
            var field = make(seed);
            for (var row = 0; row + apart < side; row++)
            {
                for (var column = 0; column + apart < side; column++)
                {
                    squares += field[row, column] * field[row, column];
                    products += field[row, column] * (field[row + apart, column] + field[row, column + apart]) / 2;
                }
            }
        }

        return (Math.Sqrt(squares / fields / (side - apart) / (side - apart)), products / squares);
    }

    private static double[,] Field(int seed, double alpha, double sigma, int side, int pool)
    {
        var random = new ViewRandom(seed, 1);
        var stride = ElasticField.Stride(side);
        var numbers = new float[side * stride];
        ElasticField.Fill(ref random, alpha, sigma, side, pool, ViewBuffers.OfThread, numbers);
        var field = new double[side, side];
        for (var row = 0; row < side; row++)
        {
            for (var column = 0; column < side; column++)
                field[row, column] = numbers[(row * stride) + column];
        }

        return field;
    }

    // as it is written: a number in ± 1 for every pixel, a Gaussian of 4 σ to each side whose weights sum to 1, times α
    private static double[,] FullField(int seed, double alpha, double sigma, int side, int pool)
    {
        var random = new Random(seed);
        var reach = (int)(4 * sigma);
        var weights = Enumerable
            .Range(-reach, (2 * reach) + 1)
            .Select(i => Math.Exp(-i * i / (2 * sigma * sigma)))
            .ToArray();
        var sum = weights.Sum();
        var length = (side * pool) + (2 * reach);
        var across = new double[length, side];
        var noise = new double[length];
        for (var row = 0; row < length; row++)
        {
            for (var i = 0; i < length; i++)
                noise[i] = (random.NextDouble() * 2) - 1;
            for (var column = 0; column < side; column++)
            {
                for (var i = 0; i < weights.Length; i++)
                    across[row, column] += weights[i] / sum * noise[(column * pool) + i];
            }
        }

        var field = new double[side, side];
        for (var row = 0; row < side; row++)
        {
            for (var column = 0; column < side; column++)
            {
                for (var i = 0; i < weights.Length; i++)
                    field[row, column] += alpha * weights[i] / sum * across[(row * pool) + i, column];
            }
        }

        return field;
    }
}
