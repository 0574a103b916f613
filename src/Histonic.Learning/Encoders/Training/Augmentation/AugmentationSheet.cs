using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Reading;

namespace Histonic.Learning.Encoders.Training.Augmentation;

/// <summary>A picture of what augmentation does: a row a patch, first its middle as it is, then views of it as training sees them.</summary>
internal sealed class AugmentationSheet
{
    private const int Views = 7;
    private const int Gap = 6;
    private const int WideGap = 18;
    private const int FontSize = 14;
    private const int MostSide = 128; // smaller views are shown at twice their size

    private readonly EncoderShape _shape;
    private readonly PatchAugmenter _augmenter;
    private readonly AugmentationOptions _options;
    private readonly Seed _seed;

    /// <summary>Prepares a sheet.</summary>
    /// <param name="options">How far views are changed.</param>
    /// <param name="shape">The encoder's shape.</param>
    /// <param name="seed">Where places and changes come from.</param>
    public AugmentationSheet(AugmentationOptions options, EncoderShape shape, Seed seed)
    {
        (_options, _shape, _seed) = (options, shape, seed);
        _augmenter = new PatchAugmenter(options, shape);
    }

    /// <summary>Draws the sheet.</summary>
    /// <param name="patches">The rows: each patch with the words beside it.</param>
    public RgbImage Draw(IReadOnlyList<(string Label, SourcePatch Patch)> patches)
    {
        var labels = patches.Select(patch => PictureText.Draw(patch.Label, FontSize)).ToList();
        var title = PictureText.Draw(
            $"--augmentation {_options}: the middle of each patch as it is, and {Views} views",
            FontSize
        );
        var enlarged = _shape.InputSide <= MostSide / 2 ? 2 : 1;
        var side = _shape.InputSide * enlarged;
        var (left, top) = (
            Gap + (labels.Max(label => label?.Width + WideGap) ?? 0),
            Gap + (title is null ? 0 : title.Height + WideGap)
        );
        var width = left + ((Views + 1) * (side + Gap)) + WideGap;
        var sheet = RgbImage.White(
            Math.Max(width, Gap + (title?.Width ?? 0) + Gap),
            top + (patches.Count * (side + Gap))
        );
        if (title is not null)
            sheet.Lay(title, Gap, Gap);

        var view = new float[_augmenter.Length];
        for (var row = 0; row < patches.Count; row++)
        {
            var y = top + (row * (side + Gap));
            if (labels[row] is { } label)
                sheet.Lay(label, Gap, y + ((side - label.Height) / 2));
            _augmenter.CutMiddle(patches[row].Patch, view);
            sheet.Lay(ToPicture(view, enlarged), left, y);
            for (var column = 1; column <= Views; column++)
            {
                _augmenter.CutAnywhere(
                    patches[row].Patch,
                    _seed.Number($"place {row} {column}"),
                    _seed.Number($"change {row} {column}"),
                    view
                );
                sheet.Lay(ToPicture(view, enlarged), left + WideGap + (column * (side + Gap)), y);
            }
        }

        return sheet;
    }

    private RgbImage ToPicture(float[] view, int enlarged)
    {
        var side = _shape.InputSide * enlarged;
        var pixels = new byte[side * side * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (row, column, colour) = (i / 3 / side / enlarged, i / 3 % side / enlarged, i % 3);
            pixels[i] = (byte)MathF.Round((view[(((row * _shape.InputSide) + column) * 3) + colour] + 1) * 127.5f);
        }

        return new RgbImage(side, side, pixels);
    }
}
