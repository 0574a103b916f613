namespace Histonic.Slides.Reading;

/// <summary>Shrinks an RGB image by averaging areas while its rows stream past: only one target row is held at a time.</summary>
/// <param name="across">Shares along a row.</param>
/// <param name="down">Shares along a column.</param>
/// <param name="result">Receives the target's pixels, 3 bytes each.</param>
internal sealed class AreaShrinker(AreaWeights across, AreaWeights down, Memory<byte> result)
{
    private readonly float[] _narrow = new float[across.Target * 3];
    private readonly float[][] _sums = [.. Enumerable.Range(0, 3).Select(_ => new float[across.Target * 3])];
    private int _row; // the next source row
    private int _target; // the target row that _sums[0] is for; the next ones follow it

    /// <summary>Takes the next rows of the source.</summary>
    /// <param name="rgb">Rows × source width × 3 bytes.</param>
    /// <param name="rows">The number of rows.</param>
    public void Add(ReadOnlySpan<byte> rgb, int rows)
    {
        var stride = across.Source * 3;
        for (var i = 0; i < rows; i++, _row++)
        {
            if (_target >= down.Target)
                return;
            Narrow(rgb.Slice(i * stride, stride));
            // One source row can end one target row and begin the next; a third only by rounding of a step near 1.
            for (var ahead = 0; ahead < _sums.Length && _target + ahead < down.Target; ahead++)
                Weigh(_target + ahead, _sums[ahead]);
            while (_target < down.Target && _row >= down.First(_target) + down.Weights(_target).Length - 1)
                Emit();
        }
    }

    /// <summary>Writes what is left, when all rows were added.</summary>
    public void Finish()
    {
        while (_target < down.Target)
            Emit();
    }

    private void Narrow(ReadOnlySpan<byte> row)
    {
        for (var x = 0; x < across.Target; x++)
        {
            float red = 0,
                green = 0,
                blue = 0;
            var at = across.First(x) * 3;
            foreach (var weight in across.Weights(x))
            {
                red += weight * row[at];
                green += weight * row[at + 1];
                blue += weight * row[at + 2];
                at += 3;
            }

            (_narrow[x * 3], _narrow[(x * 3) + 1], _narrow[(x * 3) + 2]) = (red, green, blue);
        }
    }

    private void Weigh(int target, float[] sums)
    {
        var place = _row - down.First(target);
        var weights = down.Weights(target);
        if (place < 0 || place >= weights.Length)
            return;
        var weight = weights[place];
        for (var i = 0; i < sums.Length; i++)
            sums[i] += weight * _narrow[i];
    }

    private void Emit()
    {
        var sums = _sums[0];
        var into = result.Span.Slice(_target * sums.Length, sums.Length);
        for (var i = 0; i < into.Length; i++)
            into[i] = (byte)Math.Clamp(sums[i] + 0.5f, 0, 255);
        Array.Clear(sums);
        (_sums[0], _sums[1], _sums[2]) = (_sums[1], _sums[2], sums);
        _target++;
    }
}
