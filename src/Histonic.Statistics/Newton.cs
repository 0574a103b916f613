namespace Histonic.Statistics;

/// <summary>
/// The maximum of a concave log-likelihood by Newton's steps, halved where the likelihood would fall, from 0. The
/// coefficients must be of covariates scaled to unit spread: only then does the size of a step tell convergence from a
/// likelihood that rises for ever (separation, monotone likelihood), where every step is near 1 and gains ever less.
/// </summary>
internal static class Newton
{
    private const int MostSteps = 100;

    /// <summary>The log-likelihood at some coefficients; fills its gradient and the information (minus its curvature).</summary>
    public delegate double Likelihood(double[] coefficients, double[] gradient, double[,] information);

    /// <summary>Where it ended.</summary>
    /// <param name="Coefficients">The maximum.</param>
    /// <param name="Covariance">The inverse of the information there.</param>
    /// <param name="Start">The log-likelihood at 0.</param>
    /// <param name="End">The log-likelihood at the maximum.</param>
    /// <param name="Score">The score test's statistic at 0: gradientᵀ · information⁻¹ · gradient.</param>
    /// <param name="Steps">How many steps it took.</param>
    public sealed record Result(
        double[] Coefficients,
        double[,] Covariance,
        double Start,
        double End,
        double Score,
        int Steps
    );

    /// <summary>Searches.</summary>
    /// <param name="count">How many coefficients.</param>
    /// <param name="likelihood">What to maximise.</param>
    /// <param name="dependent">The message where the information is singular at 0.</param>
    /// <param name="rising">The message where the likelihood rises for ever along some coefficients, given their numbers.</param>
    /// <exception cref="StatisticsException">With one of the two messages.</exception>
    public static Result Maximise(int count, Likelihood likelihood, string dependent, Func<int[], string> rising)
    {
        var at = new double[count];
        var gradient = new double[count];
        var information = new double[count, count];
        var value = likelihood(at, gradient, information);
        if (!double.IsFinite(value) || SymmetricMatrix.Inverse(information) is not { } inverse)
            throw new StatisticsException(dependent);
        var start = value;
        var score = SymmetricMatrix.Form(inverse, gradient);
        for (var taken = 1; taken <= MostSteps; taken++)
        {
            var step = SymmetricMatrix.Multiply(inverse, gradient);
            var gain = 0.0;
            var longest = 0.0;
            for (var j = 0; j < count; j++)
            {
                gain += step[j] * gradient[j];
                longest = Math.Max(longest, Math.Abs(step[j]));
            }

            if (longest < 1e-10)
                return new(at, inverse, start, value, score, taken - 1);
            if (gain < 1e-10 && longest > 0.01)
                throw Rising(step);
            var next = new double[count];
            double reached;
            for (var share = 1.0; ; share /= 2)
            {
                for (var j = 0; j < count; j++)
                    next[j] = at[j] + (share * step[j]);
                reached = likelihood(next, gradient, information);
                // near the maximum, rounding of the sum may show a fall where there is none
                if (reached >= value - (1e-12 * Math.Abs(value)) || share * longest < 1e-10)
                    break;
            }

            at = next;
            value = reached;
            inverse = SymmetricMatrix.Inverse(information) ?? throw Rising(step);
            if (longest < 1e-8)
                return new(at, inverse, start, value, score, taken);
        }

        throw Rising(SymmetricMatrix.Multiply(inverse, gradient));

        StatisticsException Rising(double[] step)
        {
            int[] along = [.. Enumerable.Range(0, count).Where(j => Math.Abs(step[j]) > 0.01)];
            return new(rising(along.Length > 0 ? along : [.. Enumerable.Range(0, count)]));
        }
    }
}
