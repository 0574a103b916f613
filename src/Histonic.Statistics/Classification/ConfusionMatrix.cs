namespace Histonic.Statistics.Classification;

/// <summary>
/// Counts of (true class, predicted class), and what follows from them. Where a quotient is 0/0 for one class, it is 0
/// (scikit-learn's <c>zero_division=0</c>); means over classes leave such classes out as each member says.
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;
    private readonly int[] _truth;
    private readonly int[] _predicted;

    /// <summary>Counts the rows.</summary>
    /// <param name="truth">The true class of each row, from 0 to classes − 1.</param>
    /// <param name="predicted">The predicted class, in the same order and range.</param>
    /// <param name="classes">How many classes there are, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a class is out of range.</exception>
    /// <exception cref="StatisticsException">There are no rows.</exception>
    public ConfusionMatrix(ReadOnlySpan<int> truth, ReadOnlySpan<int> predicted, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        Check.SameLength(truth.Length, predicted.Length);
        Check.AtLeast(truth.Length, 1, "A confusion matrix");
        _counts = new int[classes, classes];
        _truth = new int[classes];
        _predicted = new int[classes];
        for (var i = 0; i < truth.Length; i++)
        {
            if ((uint)truth[i] >= (uint)classes || (uint)predicted[i] >= (uint)classes)
                throw new ArgumentException(
                    $"Row {i}: {truth[i]}, {predicted[i]} are not among {classes} classes.",
                    nameof(predicted)
                );
            _counts[truth[i], predicted[i]]++;
            _truth[truth[i]]++;
            _predicted[predicted[i]]++;
        }

        N = truth.Length;
        Classes = classes;
    }

    /// <summary>The number of rows, at least 1.</summary>
    public int N { get; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>How many rows of class <paramref name="truth"/> were predicted as <paramref name="predicted"/>.</summary>
    /// <param name="truth">The true class, from 0.</param>
    /// <param name="predicted">The predicted class, from 0.</param>
    public int this[int truth, int predicted] => _counts[truth, predicted];

    /// <summary>The share of rows predicted rightly, in [0, 1].</summary>
    public double Accuracy => Correct / (double)N;

    /// <summary>The mean recall of the classes that occur in the truth, in [0, 1] (scikit-learn: balanced_accuracy_score).</summary>
    public double BalancedAccuracy => MeanOver(k => _truth[k] > 0, Recall);

    /// <summary>The mean F1 of the classes that occur in the truth or the predictions, in [0, 1] (scikit-learn: f1_score, macro).</summary>
    public double MacroF1 => MeanOver(k => _truth[k] + _predicted[k] > 0, F1);

    /// <summary>Cohen's kappa: agreement beyond chance, at most 1, 0 is chance (Cohen, Educ Psychol Meas 1960; 20:37-46).</summary>
    /// <exception cref="StatisticsException">Truth and predictions are all of one and the same class.</exception>
    public double Kappa => KappaOf(KappaWeights.None);

    /// <summary>
    /// Cohen's kappa for ordered classes, disagreement weighed by the squared distance of the classes; at most 1, 0 is
    /// chance (Cohen, Psychol Bull 1968; 70:213-20).
    /// </summary>
    /// <exception cref="StatisticsException">Truth and predictions are all of one and the same class.</exception>
    public double QuadraticKappa => KappaOf(KappaWeights.Quadratic);

    private int Correct
    {
        get
        {
            var sum = 0;
            for (var k = 0; k < Classes; k++)
                sum += _counts[k, k];
            return sum;
        }
    }

    /// <summary>The share of the rows predicted as this class that are of it, in [0, 1]; 0 if never predicted.</summary>
    /// <param name="k">The class, from 0.</param>
    public double Precision(int k) => Share(_counts[k, k], _predicted[k]);

    /// <summary>The share of the rows of this class that were predicted as it, in [0, 1]; 0 if it does not occur.</summary>
    /// <param name="k">The class, from 0.</param>
    public double Recall(int k) => Share(_counts[k, k], _truth[k]);

    /// <summary>The harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN), in [0, 1]; 0 if the class never occurs.</summary>
    /// <param name="k">The class, from 0.</param>
    public double F1(int k) => Share(2 * _counts[k, k], _truth[k] + _predicted[k]);

    /// <summary>Cohen's kappa (scikit-learn: cohen_kappa_score), at most 1; 0 is chance.</summary>
    /// <param name="weights">How disagreement weighs.</param>
    /// <exception cref="StatisticsException">Truth and predictions are all of one and the same class.</exception>
    public double KappaOf(KappaWeights weights)
    {
        var weight = Weight(weights);
        double observed = 0,
            expected = 0;
        for (var i = 0; i < Classes; i++)
        {
            for (var j = 0; j < Classes; j++)
            {
                observed += weight(i, j) * _counts[i, j];
                expected += weight(i, j) * _truth[i] * _predicted[j] / N;
            }
        }

        return expected > 0
            ? 1 - (observed / expected)
            : throw new StatisticsException($"Kappa needs two classes, but all {N} rows and predictions are of one.");
    }

    internal static Func<int, int, double> Weight(KappaWeights weights) =>
        weights switch
        {
            KappaWeights.Linear => (i, j) => Math.Abs(i - j),
            KappaWeights.Quadratic => (i, j) => (double)(i - j) * (i - j),
            _ => (i, j) => i == j ? 0 : 1,
        };

    private static double Share(int part, int whole) => whole == 0 ? 0 : part / (double)whole;

    private double MeanOver(Func<int, bool> counts, Func<int, double> value)
    {
        var sum = 0.0;
        var n = 0;
        for (var k = 0; k < Classes; k++)
        {
            if (!counts(k))
                continue;
            sum += value(k);
            n++;
        }

        return sum / n;
    }
}
