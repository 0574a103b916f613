namespace Histonic.Statistics;

/// <summary>
/// Distribution functions to nearly full double precision: incomplete gamma by series and continued fraction (modified
/// Lentz), incomplete beta by continued fraction (the same), log gamma by Lanczos' sum (g = 7), the normal quantile by Acklam's
/// approximation and Halley steps, Student's quantile by bisection.
/// </summary>
internal static class Distributions
{
    private static readonly double[] _lanczos =
    [
        0.99999999999980993,
        676.5203681218851,
        -1259.1392167224028,
        771.32342877765313,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7,
    ];

    /// <summary>P(Z ≤ z) of the standard normal.</summary>
    public static double Normal(double z) => z < 0 ? NormalAbove(-z) : 1 - NormalAbove(z);

    /// <summary>The z with P(Z ≤ z) = p; p in (0, 1).</summary>
    public static double NormalQuantile(double p)
    {
        if (p > 0.5)
            return -NormalQuantile(1 - p);
        double x;
        if (p < 0.02425)
        {
            var q = Math.Sqrt(-2 * Math.Log(p));
            x =
                (
                    (
                        ((((-7.784894002430293e-3 * q) - 0.3223964580411365) * q) - 2.400758277161838) * q
                        - 2.549732539343734
                    ) * q
                    + 4.374664141464968
                ) * q
                + 2.938163982698783;
            x /=
                ((((7.784695709041462e-3 * q) + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416)
                    * q
                + 1;
        }
        else
        {
            var q = p - 0.5;
            var r = q * q;
            x =
                (
                    (
                        (
                            (((-39.69683028665376 * r) + 220.9460984245205) * r - 275.9285104469687) * r
                            + 138.3577518672690
                        ) * r
                        - 30.66479806614716
                    ) * r
                    + 2.506628277459239
                ) * q;
            x /=
                (
                    (((((-54.47609879822406 * r) + 161.5858368580409) * r) - 155.6989798598866) * r + 66.80131188771972)
                        * r
                    - 13.28068155288572
                ) * r
                + 1;
        }

        for (var step = 0; step < 2; step++)
        {
            var error = (Normal(x) - p) * Math.Sqrt(2 * Math.PI) * Math.Exp(x * x / 2);
            x -= error / (1 + (x * error / 2));
        }

        return x;
    }

    /// <summary>P(|Z| ≥ |z|) of the standard normal; accurate far out, where 1 − P(Z ≤ z) is not.</summary>
    public static double NormalTwoSided(double z) => GammaAbove(0.5, z * z / 2);

    /// <summary>P(|T| ≥ |t|) of Student's t with that many degrees of freedom.</summary>
    public static double StudentTwoSided(double t, double degrees) =>
        IncompleteBeta(degrees / 2, 0.5, degrees / (degrees + (t * t)));

    /// <summary>The t &gt; 0 with P(|T| ≤ t) = level; level in (0, 1).</summary>
    public static double StudentQuantile(double level, double degrees)
    {
        double low = 0,
            high = 1;
        while (StudentTwoSided(high, degrees) > 1 - level)
            high *= 2;
        // 100 halvings end at neighbouring doubles whatever the width
        for (var step = 0; step < 100; step++)
        {
            var middle = (low + high) / 2;
            if (StudentTwoSided(middle, degrees) > 1 - level)
                low = middle;
            else
                high = middle;
        }

        return (low + high) / 2;
    }

    /// <summary>P(X ≥ x) of chi-square with that many degrees of freedom.</summary>
    public static double ChiSquareAbove(double x, int degrees) => GammaAbove(degrees / 2.0, x / 2);

    /// <summary>ln Γ(x), x &gt; 0.</summary>
    public static double LogGamma(double x)
    {
        if (x < 0.5)
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        x--;
        var sum = _lanczos[0];
        for (var i = 1; i < _lanczos.Length; i++)
            sum += _lanczos[i] / (x + i);
        var t = x + 7.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    private static double NormalAbove(double z) => GammaAbove(0.5, z * z / 2) / 2;

    /// <summary>The regularised incomplete beta function I_x(a, b).</summary>
    private static double IncompleteBeta(double a, double b, double x)
    {
        if (x <= 0)
            return 0;
        if (x >= 1)
            return 1;
        // the continued fraction converges fast below the mean only
        if (x > (a + 1) / (a + b + 2))
            return 1 - IncompleteBeta(b, a, 1 - x);
        const double Tiny = 1e-300;
        var scale =
            Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x))) / a;
        double c = 1,
            d = 1 / NotZero(1 - ((a + b) * x / (a + 1))),
            fraction = d;
        for (var m = 1; m < 10_000; m++)
        {
            var before = fraction;
            Advance(m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m))));
            Advance(-(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1)));
            if (Math.Abs(fraction - before) < Math.Abs(fraction) * 1e-16)
                break;
        }

        return scale * fraction;

        void Advance(double term)
        {
            d = 1 / NotZero(1 + (term * d));
            c = NotZero(1 + (term / c));
            fraction *= d * c;
        }

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }

    /// <summary>The regularised upper incomplete gamma function Q(a, x).</summary>
    private static double GammaAbove(double a, double x)
    {
        if (x <= 0)
            return 1;
        var scale = Math.Exp((a * Math.Log(x)) - x - LogGamma(a));
        if (x < a + 1)
        {
            double term = 1 / a,
                sum = term;
            for (var n = a + 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
                sum += term *= x / n;
            return 1 - (sum * scale);
        }

        const double Tiny = 1e-300;
        double b = x + 1 - a,
            c = 1 / Tiny,
            d = 1 / b,
            fraction = d;
        for (var i = 1; i < 10_000; i++)
        {
            var an = -i * (i - a);
            b += 2;
            d = (an * d) + b;
            d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
            c = b + (an / c);
            c = Math.Abs(c) < Tiny ? Tiny : c;
            fraction *= d * c;
            if (Math.Abs((d * c) - 1) < 1e-16)
                break;
        }

        return scale * fraction;
    }
}
