using System.Numerics;

namespace Histonic.Statistics.Embedding;

/// <summary>
/// t-distributed stochastic neighbour embedding (van der Maaten and Hinton, JMLR 2008; 9:2579-2605): a map in which points that are
/// near each other in many dimensions stay near each other. Distances between far groups mean little in it. Exact, O(n²) a step.
/// </summary>
/// <remarks>
/// The joint probabilities P of the points come from Gaussians whose width gives each point the perplexity; those of the map, Q, from
/// Student's t with one degree of freedom. Gradient descent on the Kullback-Leibler divergence of Q from P with momentum and a gain for each
/// coordinate (Jacobs 1988); for the first 250 steps P is multiplied by 12 (early exaggeration), so that clusters form.
/// The learning rate is max(n / 48, 50) (Belkina et al., Nature Communications 2019; 10:5415). The map starts from the one given,
/// best the principal components, and so the same points give the same map.
/// </remarks>
public static class TSne
{
    /// <summary>The fewest points that a map can be made of.</summary>
    public const int FewestPoints = 4;

    private const int EarlySteps = 250;
    private const int Steps = 1000;
    private const double Exaggeration = 12;
    private const double StartDeviation = 1e-4;
    private const double LeastGain = 0.01;
    private const double SmallestProbability = 1e-12;

    /// <summary>Makes a map.</summary>
    /// <param name="points">n × dimensions numbers, point after point.</param>
    /// <param name="dimensions">The number of dimensions, at least 1.</param>
    /// <param name="start">n × 2: where the points begin; only its shape counts, not its scale.</param>
    /// <param name="perplexity">About how many neighbours a point has, above 1; at most (n − 1) / 3 is taken.</param>
    /// <param name="threads">How many threads compute. Their number does not change the map.</param>
    /// <param name="onStep">Told of each step and of how many there are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>n × 2 coordinates, their mean 0.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="StatisticsException">There are fewer than <see cref="FewestPoints"/> points, or one is not finite.</exception>
    public static double[] Map(
        ReadOnlyMemory<float> points,
        int dimensions,
        ReadOnlySpan<double> start,
        double perplexity,
        int threads,
        Action<int, int> onStep,
        CancellationToken cancellationToken
    )
    {
        var n = points.Length / dimensions;
        Check.SameLength(points.Length, n * dimensions);
        Check.SameLength(start.Length, 2 * n);
        Check.AtLeast(n, FewestPoints, "t-SNE");
        Check.Finite(start);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        var p = JointProbabilities(points, dimensions, perplexity, parallel);
        var (x, y) = Begin(start, n);
        var descent = new Descent(n, p, parallel);
        for (var step = 0; step < Steps; step++)
        {
            var early = step < EarlySteps;
            descent.Step(x, y, early ? Exaggeration : 1, early ? 0.5 : 0.8, Math.Max(n / (4 * Exaggeration), 50));
            onStep(step + 1, Steps);
        }

        var map = new double[2 * n];
        for (var i = 0; i < n; i++)
            (map[2 * i], map[(2 * i) + 1]) = (x[i], y[i]);
        return map;
    }

    /// <summary>The symmetric joint probabilities P, n × n, with 0 on the diagonal; they sum to 1.</summary>
    internal static double[] JointProbabilities(
        ReadOnlyMemory<float> points,
        int dimensions,
        double perplexity,
        ParallelOptions parallel
    )
    {
        var n = points.Length / dimensions;
        var aim = Math.Log(Math.Min(perplexity, (n - 1) / 3.0));
        var conditional = new double[(long)n * n];
        Parallel.For(
            0,
            n,
            parallel,
            i =>
            {
                var row = conditional.AsSpan(i * n, n);
                SquaredDistances(points.Span, dimensions, i, row);
                ToConditional(row, i, aim);
            }
        );
        var joint = new double[conditional.Length];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                if (i != j)
                    joint[(i * n) + j] = (conditional[(i * n) + j] + conditional[(j * n) + i]) / (2 * n);
            }
        }

        return joint;
    }

    private static void SquaredDistances(ReadOnlySpan<float> points, int dimensions, int from, Span<double> distances)
    {
        var here = points.Slice(from * dimensions, dimensions);
        for (var j = 0; j < distances.Length; j++)
        {
            var there = points.Slice(j * dimensions, dimensions);
            var sum = 0.0;
            for (var d = 0; d < dimensions; d++)
            {
                double away = here[d] - there[d];
                sum += away * away;
            }

            if (!double.IsFinite(sum))
                throw new StatisticsException("t-SNE needs finite numbers, and one of the points has another.");
            distances[j] = sum;
        }
    }

    /// <summary>Turns squared distances from point i into probabilities whose entropy is the one aimed at, by bisection of the Gaussian's precision.</summary>
    private static void ToConditional(Span<double> row, int i, double aim)
    {
        var nearest = double.PositiveInfinity;
        var sumOfDistances = 0.0;
        for (var j = 0; j < row.Length; j++)
        {
            if (j == i)
                continue;
            nearest = Math.Min(nearest, row[j]);
            sumOfDistances += row[j];
        }

        // begin at the scale of the distances: the search then takes as long for small numbers as for large ones
        var mean = sumOfDistances / (row.Length - 1);
        var (low, high) = (0.0, double.PositiveInfinity);
        var precision = mean > nearest ? 1 / (mean - nearest) : 1;
        for (var search = 0; search < 200; search++)
        {
            double sum = 0,
                weighted = 0;
            for (var j = 0; j < row.Length; j++)
            {
                if (j == i)
                    continue;
                var away = row[j] - nearest;
                var weight = Math.Exp(-precision * away);
                sum += weight;
                weighted += weight * away;
            }

            var entropy = Math.Log(sum) + (precision * weighted / sum);
            if (Math.Abs(entropy - aim) < 1e-9)
                break;
            if (entropy > aim)
                low = precision;
            else
                high = precision;
            precision = double.IsInfinity(high) ? precision * 2 : (low + high) / 2;
        }

        var total = 0.0;
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = j == i ? 0 : Math.Exp(-precision * (row[j] - nearest));
            total += row[j];
        }

        foreach (ref var probability in row)
            probability /= total;
    }

    /// <summary>The start, centred, its first coordinate with a deviation so small that all points nearly coincide.</summary>
    private static (double[] X, double[] Y) Begin(ReadOnlySpan<double> start, int n)
    {
        double[] x = new double[n],
            y = new double[n];
        for (var i = 0; i < n; i++)
            (x[i], y[i]) = (start[2 * i], start[(2 * i) + 1]);
        var (meanX, meanY) = (x.Average(), y.Average());
        var deviation = Math.Sqrt(x.Average(value => (value - meanX) * (value - meanX)));
        if (!(deviation > 0))
            throw new StatisticsException("t-SNE needs a start in which the points differ.");
        for (var i = 0; i < n; i++)
        {
            x[i] = (x[i] - meanX) / deviation * StartDeviation;
            y[i] = (y[i] - meanY) / deviation * StartDeviation;
        }

        return (x, y);
    }

    /// <summary>Gradient descent with momentum and gains.</summary>
    private sealed class Descent(int n, double[] p, ParallelOptions parallel)
    {
        private readonly double[] _rowSums = new double[n];
        private readonly double[] _gradientX = new double[n];
        private readonly double[] _gradientY = new double[n];
        private readonly double[] _speedX = new double[n];
        private readonly double[] _speedY = new double[n];
        private readonly double[] _gainX = [.. Enumerable.Repeat(1.0, n)];
        private readonly double[] _gainY = [.. Enumerable.Repeat(1.0, n)];

        public void Step(double[] x, double[] y, double exaggeration, double momentum, double rate)
        {
            Parallel.For(0, n, parallel, i => _rowSums[i] = RowSum(x, y, i));
            // added in the order of the rows, whatever thread had them; each row counts its own point with weight 1
            var total = 0.0;
            foreach (var sum in _rowSums)
                total += sum - 1;
            Parallel.For(0, n, parallel, i => Gradient(x, y, i, exaggeration, 1 / total));
            Move(x, _gradientX, _speedX, _gainX, momentum, rate);
            Move(y, _gradientY, _speedY, _gainY, momentum, rate);
        }

        private static void Move(
            double[] at,
            double[] gradient,
            double[] speed,
            double[] gain,
            double momentum,
            double rate
        )
        {
            for (var i = 0; i < at.Length; i++)
            {
                var onward = gradient[i] * speed[i] < 0;
                gain[i] = onward ? gain[i] + 0.2 : Math.Max(gain[i] * 0.8, LeastGain);
                speed[i] = (momentum * speed[i]) - (rate * gain[i] * gradient[i]);
                at[i] += speed[i];
            }

            var mean = at.Average();
            for (var i = 0; i < at.Length; i++)
                at[i] -= mean;
        }

        private static double RowSum(double[] x, double[] y, int i)
        {
            var (hereX, hereY) = (new Vector<double>(x[i]), new Vector<double>(y[i]));
            var sums = Vector<double>.Zero;
            var j = 0;
            for (; j + Vector<double>.Count <= x.Length; j += Vector<double>.Count)
            {
                var dx = hereX - new Vector<double>(x, j);
                var dy = hereY - new Vector<double>(y, j);
                sums += Vector<double>.One / (Vector<double>.One + (dx * dx) + (dy * dy));
            }

            var sum = Vector.Sum(sums);
            for (; j < x.Length; j++)
                sum += Weight(x[i] - x[j], y[i] - y[j]);
            return sum;
        }

        private void Gradient(double[] x, double[] y, int i, double exaggeration, double norm)
        {
            var (hereX, hereY) = (new Vector<double>(x[i]), new Vector<double>(y[i]));
            var (more, scale) = (new Vector<double>(exaggeration), new Vector<double>(norm));
            var least = new Vector<double>(SmallestProbability);
            Vector<double> sumX = Vector<double>.Zero,
                sumY = Vector<double>.Zero;
            var row = i * n;
            var j = 0;
            for (; j + Vector<double>.Count <= n; j += Vector<double>.Count)
            {
                var dx = hereX - new Vector<double>(x, j);
                var dy = hereY - new Vector<double>(y, j);
                var weight = Vector<double>.One / (Vector<double>.One + (dx * dx) + (dy * dy));
                var pull = ((more * new Vector<double>(p, row + j)) - Vector.Max(weight * scale, least)) * weight;
                sumX += pull * dx;
                sumY += pull * dy;
            }

            var (gradientX, gradientY) = (Vector.Sum(sumX), Vector.Sum(sumY));
            for (; j < n; j++)
            {
                var (dx, dy) = (x[i] - x[j], y[i] - y[j]);
                var weight = Weight(dx, dy);
                var pull = ((exaggeration * p[row + j]) - Math.Max(weight * norm, SmallestProbability)) * weight;
                gradientX += pull * dx;
                gradientY += pull * dy;
            }

            (_gradientX[i], _gradientY[i]) = (4 * gradientX, 4 * gradientY);
        }

        private static double Weight(double dx, double dy) => 1 / (1 + (dx * dx) + (dy * dy));
    }
}
