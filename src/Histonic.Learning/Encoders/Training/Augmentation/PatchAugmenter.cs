using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Histonic.Learning.Encoders.Training.Data;
using Use = Histonic.Learning.Encoders.Training.Augmentation.ViewBuffers.Use;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>Cuts views of a patch at the resolution that the encoder's first convolution sees, changed at random or as they are.</summary>
/// <remarks>
/// Turning, mirroring, scaling and distorting are one map from a view's number to a place in the patch, which goes on beyond its edges as
/// its reflection. There the patch is sampled bilinearly: a number stands for the square of pixels that the encoder averages, so a
/// view without distortion is exactly the average pooling of the crop. A patch coarser than the encoder's scale is enlarged bilinearly first, in
/// effect: a number is the mean of the samples at its pixels. Then, on the view: stains, hue and saturation, contrast and brightness, blur,
/// noise: tissue, light, lens, sensor. A view depends on the patch and its two numbers alone. Nothing is allocated a view; any
/// number of threads may cut at once.
/// </remarks>
/// <param name="options">How far views are changed.</param>
/// <param name="shape">The encoder's shape: P, the pooling, and so the side S = P / pool of a view.</param>
internal sealed class PatchAugmenter(AugmentationOptions options, EncoderShape shape)
{
    private const uint PlacePurpose = 1;

    private readonly AugmentationOptions _options = options.Validated();
    private readonly int _side = shape.InputSide;

    // what works on 16 numbers at a time may run up to 15 beyond the end, and row by row up to 7
    private readonly int _padded = ((shape.InputSide * shape.InputSide) + 23) & ~15;

    /// <summary>Gets the numbers of a view: S × S × 3.</summary>
    public int Length => _side * _side * 3;

    /// <summary>Cuts the middle, unchanged: what the encoder will see of a slide.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="view">Receives S × S × 3 floats, RGB in [-1, 1], row by row.</param>
    public void CutMiddle(SourcePatch patch, Span<float> view) =>
        Cut(
            patch,
            Start(patch.Picture.Width, patch.Step, null),
            Start(patch.Picture.Height, patch.Step, null),
            new ViewChange(),
            view
        );

    /// <summary>Cuts a view at random, changed at random.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="place">Where: the same number gives the same middle of the view in the patch.</param>
    /// <param name="change">How it is changed: the same number gives the same change.</param>
    /// <param name="view">Receives S × S × 3 floats, RGB in [-1, 1], row by row.</param>
    public void CutAnywhere(SourcePatch patch, int place, int change, Span<float> view)
    {
        var random = new ViewRandom(place, PlacePurpose);
        var left = Start(patch.Picture.Width, patch.Step, random.Next());
        var top = Start(patch.Picture.Height, patch.Step, random.Next());
        Cut(patch, left, top, ViewChange.Draw(_options, change), view);
    }

    /// <summary>Cuts a view.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="left">Where the view's square begins in the patch, before it is scaled about its middle; may lie outside.</param>
    /// <param name="top">Where the view's square begins.</param>
    /// <param name="change">How it is changed.</param>
    /// <param name="view">Receives S × S × 3 floats, RGB in [-1, 1], row by row.</param>
    internal void Cut(SourcePatch patch, double left, double top, in ViewChange change, Span<float> view)
    {
        var buffers = ViewBuffers.OfThread;
        var random = change.Fields;
        var red = buffers.Floats(Use.Red, _padded);
        var green = buffers.Floats(Use.Green, _padded);
        var blue = buffers.Floats(Use.Blue, _padded);
        Sample(patch, left, top, change, ref random, buffers, red, green, blue);
        if (change.StainFactor != System.Numerics.Vector3.One || change.StainShift != System.Numerics.Vector3.Zero)
        {
            var mean = Mean(red, green, blue);
            if (mean >= _options.Darkest && mean <= _options.Brightest)
                new StainMap(change.StainFactor, change.StainShift).Apply(red, green, blue);
        }

        if (change.Hue != 0 || change.Saturation != 0)
            ColourMap.TurnHue(change.Hue, change.Saturation, red, green, blue);
        if (change.Contrast != 1 || change.Brightness != 1)
        {
            var mean = Mean(red, green, blue);
            ColourMap.Stretch(change.Contrast, change.Brightness, mean, red);
            ColourMap.Stretch(change.Contrast, change.Brightness, mean, green);
            ColourMap.Stretch(change.Contrast, change.Brightness, mean, blue);
        }

        if (change.Blur > 0)
        {
            GaussianBlur.Apply(change.Blur / shape.Pool, _side, red, buffers);
            GaussianBlur.Apply(change.Blur / shape.Pool, _side, green, buffers);
            GaussianBlur.Apply(change.Blur / shape.Pool, _side, blue, buffers);
        }

        if (change.Noise > 0)
        {
            // the mean of pool × pool independent numbers
            var deviation = (float)(change.Noise / shape.Pool);
            random.AddNormal(red, deviation);
            random.AddNormal(green, deviation);
            random.AddNormal(blue, deviation);
        }

        Interleave(red, green, blue, view);
    }

    /// <summary>Where the square of P pixels begins along a side: whole pixels where the patch has the encoder's scale.</summary>
    /// <param name="length">The patch's length along that side.</param>
    /// <param name="step">The patch's step.</param>
    /// <param name="share">How far from the first place to the last, in [0, 1); null for the middle. A patch that is too short is cut about its middle.</param>
    private double Start(int length, double step, double? share)
    {
        if (step == 1)
        {
            var room = length - shape.PatchSize;
            return share is { } at && room > 0 ? (int)(at * (room + 1)) : room / 2;
        }

        var free = length - (shape.PatchSize * step);
        return free > 0 && share is { } part ? free * part : free / 2;
    }

    private void Sample(
        SourcePatch patch,
        double left,
        double top,
        in ViewChange change,
        ref ViewRandom random,
        ViewBuffers buffers,
        Span<float> red,
        Span<float> green,
        Span<float> blue
    )
    {
        var xs = buffers.Floats(Use.X, _padded);
        var ys = buffers.Floats(Use.Y, _padded);
        Place(patch.Step, left, top, change, ref random, buffers, xs, ys);

        // of whole pixels, sums of 2 × 2 are made beforehand; else each number is the mean of samples at its own pixels
        var summed = patch.Step == 1 && shape.Pool == 2;
        var samples = summed || shape.Pool == 1 ? 1 : shape.Pool;
        var apart = (float)(patch.Step / change.Zoom);
        var reach = summed ? 0.5f : (samples - 1) * apart / 2;
        var (west, east) = Bounds(xs);
        var (north, south) = Bounds(ys);
        var (x, y) = ((int)MathF.Floor(west - reach), (int)MathF.Floor(north - reach));
        var window = PatchWindow.Pack(
            patch.Picture,
            x,
            y,
            (int)MathF.Floor(east + reach) + 2 - x,
            (int)MathF.Floor(south + reach) + 2 - y,
            summed,
            buffers
        );
        if (summed)
        {
            // a sum lies between its four pixels
            window.Sample(xs, ys, -0.5f - x, -0.5f - y, 1, add: false, red, green, blue);
            return;
        }

        for (var row = 0; row < samples; row++)
        {
            for (var column = 0; column < samples; column++)
            {
                window.Sample(
                    xs,
                    ys,
                    ((column - ((samples - 1) / 2f)) * apart) - x,
                    ((row - ((samples - 1) / 2f)) * apart) - y,
                    1f / (samples * samples),
                    add: row + column > 0,
                    red,
                    green,
                    blue
                );
            }
        }
    }

    // the place in the patch that each number of the view comes from, the middle of pixel (0, 0) being 0, 0
    private void Place(
        double step,
        double left,
        double top,
        in ViewChange change,
        ref ViewRandom random,
        ViewBuffers buffers,
        Span<float> xs,
        Span<float> ys
    )
    {
        var symmetry = change.Symmetry;
        var pace = (float)(shape.Pool * step / change.Zoom);
        var (across, down) = (symmetry.MirroredColumns ? -pace : pace, symmetry.MirroredRows ? -pace : pace);
        var half = shape.PatchSize * step / 2;
        var (middleX, middleY) = ((float)(left + half - 0.5), (float)(top + half - 0.5));
        var elastic = change.Elastic > 0;
        var stride = ElasticField.Stride(_side);
        Span<float> moveX = default;
        Span<float> moveY = default;
        if (elastic)
        {
            moveX = buffers.Floats(Use.ElasticX, _side * stride);
            moveY = buffers.Floats(Use.ElasticY, _side * stride);
            ElasticField.Fill(ref random, change.Elastic, change.ElasticSigma, _side, shape.Pool, buffers, moveX);
            ElasticField.Fill(ref random, change.Elastic, change.ElasticSigma, _side, shape.Pool, buffers, moveY);
        }

        var first = (1 - _side) / 2f;
        for (var row = 0; row < _side; row++)
        {
            var from = first + row;
            for (var column = 0; column < _side; column += Vector256<float>.Count)
            {
                var along = Vector256<float>.Indices + Vector256.Create(first + column);
                var (x, y) = symmetry.Transposed
                    ? (Vector256.Create(from * across), along * down)
                    : (along * across, Vector256.Create(from * down));
                x += Vector256.Create(middleX);
                y += Vector256.Create(middleY);
                if (elastic)
                {
                    x += Load(moveX, (row * stride) + column) * (float)step;
                    y += Load(moveY, (row * stride) + column) * (float)step;
                }

                // what runs over the row's end is overwritten by the next row
                x.CopyTo(xs[((row * _side) + column)..]);
                y.CopyTo(ys[((row * _side) + column)..]);
            }
        }

        // a place that is surely inside the window
        xs[(_side * _side)..].Fill(xs[0]);
        ys[(_side * _side)..].Fill(ys[0]);
    }

    private static (float Least, float Most) Bounds(ReadOnlySpan<float> numbers)
    {
        var (least, most) = (Load(numbers, 0), Load(numbers, 0));
        for (var i = 0; i < numbers.Length; i += Vector256<float>.Count)
            (least, most) = (Vector256.Min(least, Load(numbers, i)), Vector256.Max(most, Load(numbers, i)));
        var (low, high) = (least[0], most[0]);
        for (var i = 1; i < Vector256<float>.Count; i++)
            (low, high) = (MathF.Min(low, least[i]), MathF.Max(high, most[i]));
        return (low, high);
    }

    private double Mean(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue)
    {
        var count = _side * _side;
        return ((double)Sum(red[..count]) + Sum(green[..count]) + Sum(blue[..count])) / (3 * count);
    }

    private static float Sum(ReadOnlySpan<float> numbers)
    {
        var sums = Vector256<float>.Zero;
        var i = 0;
        for (; i + Vector256<float>.Count <= numbers.Length; i += Vector256<float>.Count)
            sums += Load(numbers, i);
        var sum = Vector256.Sum(sums);
        for (; i < numbers.Length; i++)
            sum += numbers[i];
        return sum;
    }

    private static void Interleave(
        ReadOnlySpan<float> red,
        ReadOnlySpan<float> green,
        ReadOnlySpan<float> blue,
        Span<float> view
    )
    {
        for (var (i, at) = (0, 0); at < view.Length; i++, at += 3)
        {
            view[at] = (Math.Clamp(red[i], 0, 1) * 2) - 1;
            view[at + 1] = (Math.Clamp(green[i], 0, 1) * 2) - 1;
            view[at + 2] = (Math.Clamp(blue[i], 0, 1) * 2) - 1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ReadOnlySpan<float> numbers, int at) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(numbers), (nuint)at);
}
