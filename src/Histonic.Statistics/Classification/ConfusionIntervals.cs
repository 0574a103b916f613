namespace Histonic.Statistics.Classification;

/// <summary>
/// Large-sample intervals of what follows from a confusion matrix, its rows taken as independent draws of one multinomial:
/// value ± z·√((Σ p·g² − (Σ p·g)²) / n), with g the slope of the figure in the cell's share p (delta method), cut to the
/// figure's range. For rows that are not independent (slides of one patient), use the bootstrap.
/// </summary>
/// <remarks>
/// Where all predictions are right the slopes leave no variance and these intervals, but for accuracy's, are a single point:
/// they then say nothing of precision.
/// </remarks>
public static class ConfusionIntervals
{
    /// <summary>
    /// Accuracy with the score interval of Wilson (J Am Stat Assoc 1927; 22:209-12), R's
    /// <c>prop.test(correct = FALSE)</c>; it is sound for few rows and for all right or all wrong too.
    /// </summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The level is not in (0, 1).</exception>
    public static Estimate Accuracy(ConfusionMatrix matrix, double level = 0.95)
    {
        Check.Level(level);
        var right = 0;
        for (var k = 0; k < matrix.Classes; k++)
            right += matrix[k, k];
        return Proportion.Wilson(right, matrix.N, level);
    }

    /// <summary>The mean recall, of the classes that occur in the truth.</summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The level is not in (0, 1).</exception>
    public static Estimate BalancedAccuracy(ConfusionMatrix matrix, double level = 0.95)
    {
        var shares = Shares.Of(matrix);
        var occurring = shares.Truth.Count(share => share > 0);
        return Delta(
            shares,
            matrix.BalancedAccuracy,
            (i, j) => ((i == j ? 1 : 0) - matrix.Recall(i)) / shares.Truth[i] / occurring,
            level,
            (0, 1)
        );
    }

    /// <summary>F1 of one class.</summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="k">The class, from 0.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">The class occurs neither in the truth nor in the predictions.</exception>
    public static Estimate F1(ConfusionMatrix matrix, int k, double level = 0.95)
    {
        var shares = Shares.Of(matrix);
        if (shares.Truth[k] + shares.Predicted[k] == 0)
            throw new StatisticsException(
                $"F1 of class {k} has no interval: none of {matrix.N} rows is of it or predicted as it."
            );
        return Delta(shares, matrix.F1(k), (i, j) => SlopeOfF1(shares, k, i, j), level, (0, 1));
    }

    /// <summary>
    /// The mean F1, of the classes that occur in the truth or the predictions (Takahashi et al., Appl Intell 2022;
    /// 52:4961-72 give this variance).
    /// </summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The level is not in (0, 1).</exception>
    public static Estimate MacroF1(ConfusionMatrix matrix, double level = 0.95)
    {
        var shares = Shares.Of(matrix);
        int[] occurring =
        [
            .. Enumerable.Range(0, matrix.Classes).Where(k => shares.Truth[k] + shares.Predicted[k] > 0),
        ];
        return Delta(
            shares,
            matrix.MacroF1,
            (i, j) => occurring.Sum(k => SlopeOfF1(shares, k, i, j)) / occurring.Length,
            level,
            (0, 1)
        );
    }

    /// <summary>
    /// Cohen's kappa with the standard error of Fleiss, Cohen and Everitt (Psychol Bull 1969; 72:323-7), as R's
    /// <c>vcd::Kappa</c>.
    /// </summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="weights">How disagreement weighs.</param>
    /// <param name="level">The coverage aimed at, in (0, 1).</param>
    /// <exception cref="ArgumentException">The level is not in (0, 1).</exception>
    /// <exception cref="StatisticsException">Truth and predictions are all of one and the same class.</exception>
    public static Estimate Kappa(ConfusionMatrix matrix, KappaWeights weights = KappaWeights.None, double level = 0.95)
    {
        var value = matrix.KappaOf(weights);
        var shares = Shares.Of(matrix);
        var weight = ConfusionMatrix.Weight(weights);
        double[] ofTruth = new double[matrix.Classes],
            ofPredicted = new double[matrix.Classes];
        double observed = 0,
            expected = 0;
        for (var i = 0; i < matrix.Classes; i++)
        {
            for (var j = 0; j < matrix.Classes; j++)
            {
                ofTruth[i] += weight(i, j) * shares.Predicted[j];
                ofPredicted[j] += weight(i, j) * shares.Truth[i];
                observed += weight(i, j) * shares.Cells[i, j];
                expected += weight(i, j) * shares.Truth[i] * shares.Predicted[j];
            }
        }

        return Delta(
            shares,
            value,
            (i, j) => ((observed / expected * (ofTruth[i] + ofPredicted[j])) - weight(i, j)) / expected,
            level,
            (-1, 1)
        );
    }

    // F1 of class k is 2·p[k,k] / (truth[k] + predicted[k])
    private static double SlopeOfF1(Shares shares, int k, int i, int j)
    {
        var both = shares.Truth[k] + shares.Predicted[k];
        var times = (i == k ? 1 : 0) + (j == k ? 1 : 0);
        return ((times == 2 ? 2 : 0) - (2 * shares.Cells[k, k] / both * times)) / both;
    }

    private static Estimate Delta(
        Shares shares,
        double value,
        Func<int, int, double> slope,
        double level,
        (double Least, double Most) range
    )
    {
        Check.Level(level);
        double sum = 0,
            squares = 0;
        for (var i = 0; i < shares.Truth.Length; i++)
        {
            for (var j = 0; j < shares.Truth.Length; j++)
            {
                if (shares.Cells[i, j] == 0)
                    continue;
                var g = slope(i, j);
                sum += shares.Cells[i, j] * g;
                squares += shares.Cells[i, j] * g * g;
            }
        }

        return Estimate.Normal(value, (squares - (sum * sum)) / shares.N, shares.N, level, range);
    }

    private sealed record Shares(double[,] Cells, double[] Truth, double[] Predicted, int N)
    {
        public static Shares Of(ConfusionMatrix matrix)
        {
            var k = matrix.Classes;
            var shares = new Shares(new double[k, k], new double[k], new double[k], matrix.N);
            for (var i = 0; i < k; i++)
            {
                for (var j = 0; j < k; j++)
                {
                    var share = matrix[i, j] / (double)matrix.N;
                    shares.Cells[i, j] = share;
                    shares.Truth[i] += share;
                    shares.Predicted[j] += share;
                }
            }

            return shares;
        }
    }
}
