using System.Globalization;

namespace Histonic.Slides.Interchange;

/// <summary>Finds the lattice under the coordinates of patches, in whatever order they come.</summary>
internal static class LatticeFinder
{
    /// <summary>The share of a step that a patch may lie off its cell: rounding, never a lattice of its own.</summary>
    private const double Slack = 0.01;

    /// <summary>The most cells of a side of a grid that are believed: 12.8 m of slide at the papers' stride.</summary>
    private const double MostCells = 200_000;

    /// <summary>Finds the lattice.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="x">The left edges of the patches.</param>
    /// <param name="y">Their upper edges.</param>
    /// <param name="step">The step as far as it is known, within 1 %; null = found from the differences of the coordinates.</param>
    /// <param name="pixel">What coordinates may be rounded to: one pixel, in their unit.</param>
    /// <param name="snap">Whether patches off the lattice go to their nearest cell, the nearer of two of the same cell staying.</param>
    /// <exception cref="InputException">Two patches share a place, one lies off the lattice, or the step cannot be told.</exception>
    public static Lattice Find(string path, double[] x, double[] y, double? step, double pixel, bool snap)
    {
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]) || !double.IsFinite(y[i]))
                throw Fault(path, $"has coordinates that are no numbers (row {i})");
            if (Math.Min(x[i], y[i]) < -pixel)
                throw Fault(path, $"has a patch outside the slide, at {Place(x[i], y[i])}");
        }

        if (x.Length == 0)
            return new Lattice(step ?? 1, 0, 0, [], [], 0);
        RefuseDuplicates(path, x, y);
        double[] columns = [.. x.Distinct().Order()],
            rows = [.. y.Distinct().Order()];
        var known = step ?? StepOf(x, y, pixel);
        if (known is not { } rough || rough <= 0)
            throw new InputException(
                path,
                $"has {x.Length} patches whose coordinates do not tell the step between them",
                "Give it with --stride, in working pixels"
            );
        if (Math.Max(x.Max(), y.Max()) / rough > MostCells)
            throw Fault(path, $"has a patch at {Place(x.Max(), y.Max())}, where no slide reaches");
        var tolerance = Math.Max(pixel * 1.01, rough * Slack);
        var fine =
            columns[^1] - columns[0] >= rows[^1] - rows[0]
                ? Refined(columns, rough, tolerance, pixel)
                : Refined(rows, rough, tolerance, pixel);
        var (left, top) = (Origin(x, fine, tolerance, pixel), Origin(y, fine, tolerance, pixel));
        var off = Enumerable
            .Range(0, x.Length)
            .Where(i => Math.Max(Rest(x[i], left, fine), Rest(y[i], top, fine)) > tolerance)
            .ToList();
        if (off.Count > 0 && !snap)
            throw new InputException(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {off.Count} of {x.Length} patches off the lattice of steps of {fine:0.###}, the first at {Place(x[off[0]], y[off[0]])}"
                ),
                "Extract it on one lattice, or give --snap to move them to the nearest cell"
            );
        return Placed(x, y, fine, left, top, off.Count, snap, path);
    }

    private static Lattice Placed(
        double[] x,
        double[] y,
        double step,
        double left,
        double top,
        int moved,
        bool snap,
        string path
    )
    {
        var places = new Dictionary<GridCell, (int Patch, double Distance)>();
        for (var i = 0; i < x.Length; i++)
        {
            var cell = new GridCell((int)Math.Round((y[i] - top) / step), (int)Math.Round((x[i] - left) / step));
            var (dx, dy) = (x[i] - left - (cell.Column * step), y[i] - top - (cell.Row * step));
            var distance = (dx * dx) + (dy * dy);
            var taken = places.TryGetValue(cell, out var other);
            if (taken && !snap)
                throw Fault(
                    path,
                    $"has two patches in one cell, at {Place(x[other.Patch], y[other.Patch])} and {Place(x[i], y[i])}"
                );
            if (!taken || distance < other.Distance)
                places[cell] = (i, distance);
        }

        // A patch that was moved may belong to a cell before the first whole one: the lattice then begins there.
        var (firstRow, firstColumn) = (
            Math.Min(0, places.Keys.Min(cell => cell.Row)),
            Math.Min(0, places.Keys.Min(cell => cell.Column))
        );
        var order = places
            .Select(place =>
                (Cell: new GridCell(place.Key.Row - firstRow, place.Key.Column - firstColumn), place.Value.Patch)
            )
            .OrderBy(place => place.Cell.Row)
            .ThenBy(place => place.Cell.Column)
            .ToList();
        return new Lattice(
            step,
            left + (firstColumn * step),
            top + (firstRow * step),
            [.. order.Select(place => place.Cell)],
            [.. order.Select(place => place.Patch)],
            moved
        );
    }

    /// <summary>
    /// The greatest step of which the gaps between neighbours in a row or column are multiples; where there is none, the commonest
    /// gap. Rows and columns are looked at one by one: a lattice that begins elsewhere at each contour has its own.
    /// </summary>
    private static double? StepOf(double[] x, double[] y, double pixel)
    {
        var gaps = Gaps(x, y, pixel).Concat(Gaps(y, x, pixel)).Order().ToList();
        if (gaps.Count == 0)
            gaps = [.. Gaps(x).Concat(Gaps(y)).Where(gap => gap > pixel).Order()];
        if (gaps.Count == 0)
            return null;
        var commonest = gaps.GroupBy(gap => Math.Round(gap / Math.Max(pixel, gaps[^1] * 1e-6)))
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key)
            .First()
            .Average();
        var slack = Math.Max(2 * pixel, gaps[0] * Slack);
        var step = gaps[0];
        foreach (var gap in gaps)
        {
            var (a, b) = (gap, step);
            while (b > slack)
                (a, b) = (b, Math.Abs(a - (b * Math.Round(a / b))));
            // Long gaps tell the step more finely than short ones.
            step = gap / Math.Max(1, Math.Round(gap / a));
        }

        const int LeastParts = 8;
        return step * LeastParts < commonest ? commonest : step;
    }

    private static IEnumerable<double> Gaps(IEnumerable<double> values)
    {
        var sorted = values.Distinct().Order().ToArray();
        return sorted.Zip(sorted.Skip(1), (a, b) => b - a);
    }

    /// <summary>The gaps along one axis between patches that share their place on the other, to the pixel.</summary>
    private static IEnumerable<double> Gaps(double[] along, double[] across, double pixel) =>
        along
            .Zip(across)
            .GroupBy(place => Math.Round(place.Second / Math.Max(pixel, 1e-9)), place => place.First)
            .SelectMany(Gaps)
            .Where(gap => gap > pixel);

    /// <summary>Sharpens a step by ever longer distances: one over n steps tells it n times as finely as its own rounding.</summary>
    private static double Refined(double[] sorted, double step, double tolerance, double pixel)
    {
        var sure = 1.0; // the steps it was measured over
        foreach (var value in sorted)
        {
            var steps = Math.Round((value - sorted[0]) / step);
            var slack = Math.Min(Math.Max(tolerance, 1.5 * pixel * steps / sure), step / 4);
            if (steps > 0 && Math.Abs(value - sorted[0] - (steps * step)) <= slack)
                (step, sure) = ((value - sorted[0]) / steps, steps);
        }

        return step;
    }

    /// <summary>Where the lattice begins that holds most of the values, in [0, step).</summary>
    private static double Origin(double[] values, double step, double tolerance, double pixel)
    {
        var phases = values.Select(value => value - (step * Math.Floor((value + tolerance) / step))).Order().ToList();
        var (best, count) = (0, 0);
        for (int first = 0, last = 0; first < phases.Count; first++)
        {
            while (last < phases.Count && phases[last] <= phases[first] + tolerance)
                last++;
            if (last - first > count)
                (best, count) = (first, last - first);
        }

        var middle = (phases[best] + phases[best + count - 1]) / 2;
        return Math.Abs(middle) <= 1.01 * pixel ? 0 : middle;
    }

    private static double Rest(double value, double origin, double step) =>
        Math.Abs(value - origin - (step * Math.Round((value - origin) / step)));

    private static void RefuseDuplicates(string path, double[] x, double[] y)
    {
        var seen = new HashSet<(double, double)>();
        for (var i = 0; i < x.Length; i++)
        {
            if (!seen.Add((x[i], y[i])))
                throw Fault(path, $"has two patches at {Place(x[i], y[i])}");
        }
    }

    private static string Place(double x, double y) =>
        string.Create(CultureInfo.InvariantCulture, $"({x:0.###}, {y:0.###})");

    private static InputException Fault(string path, string finding) =>
        new(path, finding, "Extract it again, or leave it out");
}
