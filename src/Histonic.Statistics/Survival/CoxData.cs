namespace Histonic.Statistics.Survival;

/// <summary>
/// What Cox's partial likelihood is computed from: rows in order of stratum and time, covariates centred and scaled to unit
/// spread, so that neither exp nor the search depends on their units.
/// </summary>
internal sealed class CoxData
{
    private readonly double[] _times;
    private readonly bool[] _events;
    private readonly int[] _order;
    private readonly int[] _strata;
    private readonly double[][] _scaled;
    private readonly bool _efron;

    public CoxData(
        double[] times,
        bool[] events,
        IReadOnlyList<double[]> covariates,
        int[] strata,
        bool efron,
        Func<int, string> constant
    )
    {
        (_times, _events, _strata, _efron) = (times, events, strata, efron);
        _order = [.. Ranks.Order(times).OrderBy(row => strata[row])];
        Means = new double[covariates.Count];
        Scales = new double[covariates.Count];
        _scaled = new double[covariates.Count][];
        for (var j = 0; j < covariates.Count; j++)
        {
            var column = covariates[j];
            var mean = 0.0;
            foreach (var value in column)
                mean += value / column.Length;
            var largest = 0.0;
            foreach (var value in column)
                largest = Math.Max(largest, Math.Abs(value - mean));
            var squares = 0.0;
            foreach (var value in column)
                squares += (value - mean) / largest * ((value - mean) / largest) / column.Length;
            if (column.AsSpan().IndexOfAnyExcept(column[0]) < 0 || !double.IsFinite(squares))
                throw new StatisticsException(constant(j));
            (Means[j], Scales[j]) = (mean, largest * Math.Sqrt(squares));
            _scaled[j] = [.. column.Select(value => (value - mean) / Scales[j])];
        }
    }

    /// <summary>The covariates' means.</summary>
    public double[] Means { get; }

    /// <summary>Their spreads.</summary>
    public double[] Scales { get; }

    public int Count => _scaled.Length;

    public int Rows => _times.Length;

    /// <summary>All events' times in the order of the rows given.</summary>
    public (double[] Times, bool[] Events) Outcome => (_times, _events);

    /// <summary>
    /// Called for every distinct time of events of a stratum, latest first: the stratum's number, the time, the
    /// events there, the events' contributions to gradient and information, and the step of the baseline hazard. The arrays
    /// are reused.
    /// </summary>
    public delegate void Visit(
        int stratum,
        double time,
        int events,
        double[] gradient,
        double[,] information,
        double hazard
    );

    /// <summary>The log partial likelihood at coefficients of the scaled covariates.</summary>
    public double LogLikelihood(double[] coefficients, Visit visit)
    {
        var p = Count;
        // sums over those at risk, and over those with the event at this time: of exp(η), of it times x, and times x·xᵀ
        double[] riskX = new double[p],
            diedX = new double[p],
            gradient = new double[p],
            mean = new double[p];
        double[,] riskXx = new double[p, p],
            diedXx = new double[p, p],
            information = new double[p, p];
        double risk = 0,
            total = 0;
        var x = new double[p];
        for (var end = _order.Length; end > 0; )
        {
            var stratum = _strata[_order[end - 1]];
            if (end == _order.Length || stratum != _strata[_order[end]])
            {
                risk = 0;
                Array.Clear(riskX);
                Array.Clear(riskXx);
            }

            var time = _times[_order[end - 1]];
            var start = end;
            double died = 0;
            var events = 0;
            Array.Clear(diedX);
            Array.Clear(diedXx);
            Array.Clear(gradient);
            for (; start > 0 && _strata[_order[start - 1]] == stratum && _times[_order[start - 1]] == time; start--)
            {
                var row = _order[start - 1];
                var eta = 0.0;
                for (var j = 0; j < p; j++)
                    eta += coefficients[j] * (x[j] = _scaled[j][row]);
                var weight = Math.Exp(eta);
                risk += weight;
                Add(riskX, riskXx, x, weight);
                if (!_events[row])
                    continue;
                events++;
                total += eta;
                died += weight;
                Add(diedX, diedXx, x, weight);
                for (var j = 0; j < p; j++)
                    gradient[j] += x[j];
            }

            end = start;
            if (events == 0)
                continue;
            Array.Clear(information);
            var hazard = 0.0;
            for (var l = 0; l < events; l++)
            {
                var share = _efron ? l / (double)events : 0;
                var left = risk - (share * died);
                total -= Math.Log(left);
                hazard += 1 / left;
                for (var j = 0; j < p; j++)
                {
                    mean[j] = (riskX[j] - (share * diedX[j])) / left;
                    gradient[j] -= mean[j];
                    for (var k = 0; k <= j; k++)
                        information[j, k] += ((riskXx[j, k] - (share * diedXx[j, k])) / left) - (mean[j] * mean[k]);
                }
            }

            for (var j = 0; j < p; j++)
            {
                for (var k = 0; k < j; k++)
                    information[k, j] = information[j, k];
            }

            visit(stratum, time, events, gradient, information, hazard);
        }

        return total;
    }

    private static void Add(double[] sum, double[,] products, double[] x, double weight)
    {
        for (var j = 0; j < x.Length; j++)
        {
            sum[j] += weight * x[j];
            for (var k = 0; k <= j; k++)
                products[j, k] += weight * x[j] * x[k];
        }
    }
}
