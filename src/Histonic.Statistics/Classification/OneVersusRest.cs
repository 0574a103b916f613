namespace Histonic.Statistics.Classification;

/// <summary>Several classes judged one against all others.</summary>
public static class OneVersusRest
{
    /// <summary>
    /// The plain mean over classes of the area under the ROC curve of "this class against the rest" by the class's own
    /// probability (scikit-learn: <c>roc_auc_score(multi_class="ovr", average="macro")</c>). A class without a row is left
    /// out, where scikit-learn refuses: a fold may lack a rare class.
    /// </summary>
    /// <param name="probabilities">Rows × classes, row after row: <c>probabilities[row * classes + k]</c>; any finite scores.</param>
    /// <param name="labels">The true class of each row, from 0 to classes − 1.</param>
    /// <param name="classes">How many classes there are, at least 2.</param>
    /// <returns>A value in [0, 1]; 0.5 is chance.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, or a label is out of range.</exception>
    /// <exception cref="StatisticsException">Fewer than two classes occur, or a probability is not finite.</exception>
    public static double MacroArea(ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, int classes) =>
        MeanOver(
            probabilities,
            labels,
            classes,
            (scores, positives) => RocCurve.Area(scores, positives),
            "The ROC curve"
        );

    /// <summary>
    /// The plain mean over classes of the average precision of "this class against the rest" by the class's own probability
    /// (scikit-learn: <c>average_precision_score(average="macro")</c>). A class without a row is left out.
    /// </summary>
    /// <param name="probabilities">Rows × classes, row after row; any finite scores.</param>
    /// <param name="labels">The true class of each row, from 0 to classes − 1.</param>
    /// <param name="classes">How many classes there are, at least 2.</param>
    /// <returns>A value in (0, 1]; chance is the mean share of the classes.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, or a label is out of range.</exception>
    /// <exception cref="StatisticsException">Fewer than two classes occur, or a probability is not finite.</exception>
    public static double MacroAveragePrecision(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<int> labels,
        int classes
    ) =>
        MeanOver(
            probabilities,
            labels,
            classes,
            (scores, positives) => PrecisionRecall.Average(scores, positives),
            "The precision-recall curve"
        );

    private static double MeanOver(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<int> labels,
        int classes,
        Func<double[], bool[], double> figure,
        string statistic
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        Check.SameLength(probabilities.Length, labels.Length * classes);
        var scores = new double[labels.Length];
        var positives = new bool[labels.Length];
        var sum = 0.0;
        var used = 0;
        for (var k = 0; k < classes; k++)
        {
            var count = 0;
            for (var row = 0; row < labels.Length; row++)
            {
                if ((uint)labels[row] >= (uint)classes)
                    throw new ArgumentException(
                        $"labels[{row}] is {labels[row]}, not one of {classes} classes.",
                        nameof(labels)
                    );
                scores[row] = probabilities[(row * classes) + k];
                positives[row] = labels[row] == k;
                count += positives[row] ? 1 : 0;
            }

            if (count == 0)
                continue;
            if (count == labels.Length)
                throw new StatisticsException($"{statistic} needs two classes, but all {count} rows are of class {k}.");
            sum += figure(scores, positives);
            used++;
        }

        return used > 0
            ? sum / used
            : throw new StatisticsException($"{statistic} needs two classes; there are no rows.");
    }
}
