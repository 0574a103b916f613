using System.Numerics;

namespace Histonic.Slides.Reading;

/// <summary>Shrinks an RGB image by averaging areas while its rows stream past: a few rows are held at a time.</summary>
/// <param name="across">Shares along a row.</param>
/// <param name="down">Shares along a column.</param>
/// <param name="receive">Receives the target's rows, from the top.</param>
internal sealed class AreaShrinker(AreaWeights across, AreaWeights down, RowReceiver receive)
{
    private readonly float[][] _sums = [.. Enumerable.Range(0, 3).Select(_ => new float[across.Source * 3])];
    private readonly byte[] _row = new byte[across.Target * 3];
    private int _source; // the next source row
    private int _target; // the target row that _sums[0] is for; the next ones follow it

    /// <summary>Takes the next rows of the source.</summary>
    /// <param name="rgb">Rows × source width × 3 bytes.</param>
    /// <param name="rows">The number of rows.</param>
    public void Add(ReadOnlySpan<byte> rgb, int rows)
    {
        var stride = across.Source * 3;
        for (var i = 0; i < rows && _target < down.Target; i++, _source++)
        {
            // One source row can end one target row and begin the next; a third only by rounding of a step near 1.
            for (var ahead = 0; ahead < _sums.Length && _target + ahead < down.Target; ahead++)
            {
                var place = _source - down.First(_target + ahead);
                var weights = down.Weights(_target + ahead);
                if (place >= 0 && place < weights.Length)
                    AddWeighted(rgb.Slice(i * stride, stride), weights[place], _sums[ahead]);
            }

            while (_target < down.Target && _source >= down.First(_target) + down.Weights(_target).Length - 1)
                Emit();
        }
    }

    private static void AddWeighted(ReadOnlySpan<byte> row, float weight, Span<float> sums)
    {
        var i = 0;
        var width = Vector<float>.Count;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector.Widen(new Vector<byte>(row[i..]), out var low, out var high);
            Vector.Widen(low, out var first, out var second);
            Vector.Widen(high, out var third, out var fourth);
            Add(first, sums[i..]);
            Add(second, sums[(i + width)..]);
            Add(third, sums[(i + (2 * width))..]);
            Add(fourth, sums[(i + (3 * width))..]);
        }

        for (; i < row.Length; i++)
            sums[i] += weight * row[i];

        void Add(Vector<uint> values, Span<float> into) =>
            (new Vector<float>(into) + (Vector.ConvertToSingle(Vector.AsVectorInt32(values)) * weight)).CopyTo(into);
    }

    private void Emit()
    {
        var sums = _sums[0];
        for (var x = 0; x < across.Target; x++)
        {
            float red = 0.5f,
                green = 0.5f,
                blue = 0.5f;
            var at = across.First(x) * 3;
            foreach (var weight in across.Weights(x))
            {
                red += weight * sums[at];
                green += weight * sums[at + 1];
                blue += weight * sums[at + 2];
                at += 3;
            }

            var pixel = _row.AsSpan(x * 3, 3);
            (pixel[0], pixel[1], pixel[2]) = ((byte)red, (byte)green, (byte)blue);
        }

        receive(_target, _row);
        Array.Clear(sums);
        (_sums[0], _sums[1], _sums[2]) = (_sums[1], _sums[2], sums);
        _target++;
    }
}
