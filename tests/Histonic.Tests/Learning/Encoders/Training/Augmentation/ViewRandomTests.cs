using Histonic.Learning.Encoders.Training.Augmentation;

namespace Histonic.Tests.Learning.Encoders.Training.Augmentation;

public sealed class ViewRandomTests
{
    private const int Many = 1 << 18;

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        var numbers = new float[Many];
        new ViewRandom(1, 1).AddNormal(numbers, 2);
        Assert.Equal(0, numbers.Average(x => x), 0.02);
        Assert.Equal(4, numbers.Average(x => x * x), 0.05);
        Assert.Equal(0, numbers.Average(x => Math.Pow(x / 2, 3)), 0.03);
        Assert.Equal(3, numbers.Average(x => Math.Pow(x / 2, 4)), 0.08);
        Assert.Equal(0.0455, numbers.Count(x => Math.Abs(x) > 4) / (double)Many, 0.002);
    }

    [Fact]
    public void Uniform_numbers_fill_their_range_evenly()
    {
        var numbers = new float[Many];
        new ViewRandom(1, 1).FillUniform(numbers);
        Assert.True(numbers.Min() is > -1 and < -0.999f);
        Assert.True(numbers.Max() is < 1 and > 0.999f);
        for (var bin = 0; bin < 20; bin++)
        {
            var (low, high) = ((bin / 10.0) - 1, ((bin + 1) / 10.0) - 1);
            Assert.Equal(0.05, numbers.Count(x => x >= low && x < high) / (double)Many, 0.002);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(64)]
    public void Numbers_tell_nothing_of_those_further_on(int distance)
    {
        var (uniform, normal) = (new float[Many], new float[Many]);
        new ViewRandom(3, 1).FillUniform(uniform);
        new ViewRandom(3, 1).AddNormal(normal, 1);
        Assert.Equal(0, Correlation(uniform.AsSpan(distance), uniform), 0.01);
        Assert.Equal(0, Correlation(normal.AsSpan(distance), normal), 0.01);
    }

    [Fact]
    public void Neighbouring_seeds_and_other_purposes_give_numbers_of_their_own()
    {
        var (one, next, other) = (new float[Many], new float[Many], new float[Many]);
        new ViewRandom(3, 1).FillUniform(one);
        new ViewRandom(4, 1).FillUniform(next);
        new ViewRandom(3, 2).FillUniform(other);
        Assert.Equal(0, Correlation(one, next), 0.01);
        Assert.Equal(0, Correlation(one, other), 0.01);

        var firsts = Enumerable.Range(0, 10_000).Select(seed => (float)new ViewRandom(seed, 1).Next()).ToArray();
        Assert.Equal(0.5, firsts.Average(), 0.01);
        Assert.Equal(1 / 12.0, firsts.Average(x => (x - 0.5) * (x - 0.5)), 0.002);
    }

    private static double Correlation(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var (ab, aa, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
            (ab, aa, bb) = (ab + (a[i] * b[i]), aa + (a[i] * a[i]), bb + (b[i] * b[i]));
        return ab / Math.Sqrt(aa * bb);
    }
}
