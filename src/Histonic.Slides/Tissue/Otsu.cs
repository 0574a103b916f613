namespace Histonic.Slides.Tissue;

/// <summary>Otsu's threshold (IEEE Trans Syst Man Cybern 1979; 9:62-6).</summary>
public static class Otsu
{
    /// <summary>The value that parts a histogram best: what lies above it is the upper class.</summary>
    /// <param name="histogram">How often each value 0, 1, 2 … occurs.</param>
    /// <returns>
    /// The threshold, in the middle of the values that part it equally well; and the mean of either class. When there is
    /// only one value, it is the threshold and both means.
    /// </returns>
    public static (int Threshold, double LowerMean, double UpperMean) Split(ReadOnlySpan<long> histogram)
    {
        double count = 0,
            sum = 0;
        for (var i = 0; i < histogram.Length; i++)
            (count, sum) = (count + histogram[i], sum + ((double)i * histogram[i]));
        double best = -1,
            below = 0,
            sumBelow = 0,
            lower = 0,
            upper = 0;
        int first = 0,
            last = 0;
        for (var i = 0; i < histogram.Length; i++)
        {
            below += histogram[i];
            sumBelow += (double)i * histogram[i];
            if (below == 0)
                continue;
            if (below == count)
            {
                if (best < 0)
                    (first, last, lower, upper) = (i, i, sum / count, sum / count);
                break;
            }

            var (meanBelow, meanAbove) = (sumBelow / below, (sum - sumBelow) / (count - below));
            var between = below * (count - below) * (meanAbove - meanBelow) * (meanAbove - meanBelow);
            if (between > best * (1 + 1e-12))
                (best, first, last, lower, upper) = (between, i, i, meanBelow, meanAbove);
            else if (between >= best * (1 - 1e-12))
                last = i;
        }

        return ((first + last) / 2, lower, upper);
    }
}
