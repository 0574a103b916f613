using CsCheck;
using Histonic.Learning.Encoders;
using Histonic.Learning.Encoders.Training.Augmentation;
using Histonic.Learning.Encoders.Training.Data;
using Histonic.Slides;
using Histonic.Slides.Reading;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Encoders.Training.Augmentation;

[NoTensorLeaks]
public sealed class PatchAugmenterTests
{
    private static readonly AugmentationOptions _none = AugmentationOptions.Named["none"];
    private static readonly EncoderShape _pooled = new() { PatchSize = 64 };
    private static readonly EncoderShape _whole = _pooled with { Architecture = EncoderArchitecture.Deep };
    private static readonly bool[] _either = [false, true];

    [Theory]
    [InlineData(EncoderArchitecture.Published)]
    [InlineData(EncoderArchitecture.Deep)]
    public void The_encoder_makes_of_the_middle_view_what_it_makes_of_the_middle_crop(EncoderArchitecture architecture)
    {
        using var scope = NewDisposeScope();
        var shape = new EncoderShape
        {
            Architecture = architecture,
            PatchSize = 96,
            Width = 8,
            Channels = 5,
        };
        var picture = Noise(131, 118);
        var view = Middle(shape, new SourcePatch(picture, 1));
        using var network = EncoderNetwork.Create(shape, new Seed(1));
        network.eval();

        var rgbHWC = tensor(picture.Pixels, [118, 131, 3]);
        var cropBCPP = rgbHWC.narrow(0, 11, 96).narrow(1, 17, 96).permute(2, 0, 1).unsqueeze(0);
        var expected = network.call((cropBCPP.to(ScalarType.Float32) / 255 * 2) - 1);
        var side = shape.InputSide;
        var actual = network.Embed(network.Features(tensor(view, [1, side, side, 3]).permute(0, 3, 1, 2)));
        Assert.True((expected - actual).abs().max().item<float>() < 1e-5f);
    }

    [Theory]
    [InlineData(EncoderArchitecture.Published)]
    [InlineData(EncoderArchitecture.Deep)]
    public void A_coarse_patch_is_enlarged_bilinearly_before_it_is_pooled(EncoderArchitecture architecture)
    {
        using var scope = NewDisposeScope();
        var shape = new EncoderShape { Architecture = architecture, PatchSize = 64 };
        var picture = Noise(48, 50); // 96 × 100 of the encoder's pixels, the outer of which the crop leaves out
        var view = Middle(shape, new SourcePatch(picture, 0.5));

        var largeBCHW = nn.functional.interpolate(
            tensor(picture.Pixels, [50, 48, 3]).permute(2, 0, 1).unsqueeze(0).to(ScalarType.Float32),
            size: [100, 96],
            mode: InterpolationMode.Bilinear,
            align_corners: false
        );
        var cropBCPP = (largeBCHW.narrow(2, 18, 64).narrow(3, 16, 64) / 255 * 2) - 1;
        var expectedBSSC = nn.functional.avg_pool2d(cropBCPP, shape.Pool).permute(0, 2, 3, 1);
        Assert.True((expectedBSSC - tensor(view, expectedBSSC.shape)).abs().max().item<float>() < 1e-5f);
    }

    [Fact]
    public void Any_view_samples_the_patch_and_its_reflection_at_the_places_of_its_pixels()
    {
        var cases =
            from width in Gen.Int[1, 150]
            from height in Gen.Int[1, 150]
            from step in Gen.OneOf(Gen.Const(1.0), Gen.Double[0.2, 1])
            from side in Gen.Int[32, 40]
            from architecture in Gen.Bool
            from bits in Gen.Int[0, 7]
            from zoom in Gen.OneOf(Gen.Const(1.0), Gen.Double[0.6, 1.4])
            from left in Gen.Double[-40, 60]
            from top in Gen.Double[-40, 60]
            select (width, height, step, side, architecture, bits, zoom, left, top);
        cases.Sample(
            one =>
            {
                var shape = new EncoderShape
                {
                    PatchSize = 2 * one.side,
                    Architecture = one.architecture ? EncoderArchitecture.Published : EncoderArchitecture.Deep,
                };
                var patch = new SourcePatch(Noise(one.width, one.height), one.step);
                var symmetry = new Symmetry((one.bits & 1) != 0, (one.bits & 2) != 0, (one.bits & 4) != 0);
                var view = new float[shape.InputSide * shape.InputSide * 3];
                new PatchAugmenter(_none, shape).Cut(
                    patch,
                    one.left,
                    one.top,
                    new ViewChange { Symmetry = symmetry, Zoom = one.zoom },
                    view
                );
                for (var i = 0; i < view.Length; i += 7)
                {
                    var expected = Sampled(shape, patch, one.left, one.top, symmetry, one.zoom, i);
                    Assert.Equal(expected, view[i], 5e-4);
                }
            },
            iter: 300
        );
    }

    [Fact]
    public void A_patch_smaller_than_the_encoders_is_centred_and_goes_on_as_its_reflection()
    {
        var picture = Noise(40, 64);
        var view = Middle(_whole, new SourcePatch(picture, 1));
        for (var column = 0; column < 64; column++)
        {
            // column 12 of the view is column 0 of the patch, column 51 its last
            var from = column switch
            {
                < 12 => 12 - column,
                > 51 => 39 - (column - 51),
                _ => column - 12,
            };
            Assert.Equal(Number(picture, from, 5, 1), view[(((5 * 64) + column) * 3) + 1], 1e-6);
        }
    }

    [Fact]
    public void The_eight_symmetries_all_come_and_hold_the_same_pixels()
    {
        var augmenter = new PatchAugmenter(_none with { Symmetries = true }, _pooled);
        var patch = new SourcePatch(Noise(64, 64), 1);
        var views = Enumerable
            .Range(0, 400)
            .Select(change => Any(augmenter, patch, 0, change))
            .GroupBy(view => string.Join(',', view), StringComparer.Ordinal)
            .ToList();
        Assert.Equal(8, views.Count);
        Assert.All(views, same => Assert.InRange(same.Count(), 25, 80));

        // each is the middle view, laid down in one of the 8 ways
        var middle = Middle(_pooled, patch);
        var laid =
            from transposed in _either
            from rows in _either
            from columns in _either
            select string.Join(',', Laid(middle, 32, transposed, rows, columns));
        Assert.Equal(laid.Order(StringComparer.Ordinal), views.Select(view => view.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0.8)]
    [InlineData(1)]
    [InlineData(1.25)]
    public void A_ramp_stays_a_ramp_whose_slope_is_divided_by_the_scale(double zoom)
    {
        var ramp = Picture(256, 256, (x, y) => ((byte)x, (byte)y, 0));
        var view = new float[32 * 32 * 3];
        new PatchAugmenter(_none, _pooled).Cut(new SourcePatch(ramp, 1), 100, 80, new ViewChange { Zoom = zoom }, view);
        for (var row = 0; row < 32; row++)
        {
            for (var column = 0; column < 32; column++)
            {
                var at = ((row * 32) + column) * 3;
                Assert.Equal(100 + 31.5 + ((column - 15.5) * 2 / zoom), (view[at] + 1) * 127.5, 1e-3);
                Assert.Equal(80 + 31.5 + ((row - 15.5) * 2 / zoom), (view[at + 1] + 1) * 127.5, 1e-3);
            }
        }
    }

    [Fact]
    public void Scales_are_drawn_from_all_of_their_range()
    {
        var augmenter = new PatchAugmenter(_none with { Scale = 0.2 }, _pooled);
        var ramp = new SourcePatch(Picture(256, 256, (x, _) => ((byte)x, 0, 0)), 1);
        var scales = Enumerable
            .Range(0, 500)
            .Select(change =>
            {
                var view = Any(augmenter, ramp, 3, change);
                return 2 * 7 / ((view[16 * 3] - view[9 * 3]) * 127.5);
            })
            .ToList();
        Assert.InRange(scales.Min(), 0.7999, 0.803);
        Assert.InRange(scales.Max(), 1.197, 1.2001);
        Assert.Equal(1, scales.Average(), 0.02);
    }

    [Fact]
    public void Elastic_views_move_every_place_by_the_field_in_pixels_of_the_encoders_patch()
    {
        // far from any edge a ramp shows where each number of a view comes from
        var options = _none with
        {
            Elastic = new NumberRange(80, 120),
        };
        var augmenter = new PatchAugmenter(options, _pooled);
        var ramp = new SourcePatch(Picture(96, 96, (x, y) => ((byte)(2 * x), (byte)(2 * y), 0)), 1);
        var (squares, numbers) = (0.0, 0);
        for (var change = 0; change < 300; change++)
        {
            var view = Any(augmenter, ramp, 5, change);
            var still = Any(new PatchAugmenter(_none, _pooled), ramp, 5, change);
            for (var i = ((16 * 32) + 16) * 3; i < (((16 * 32) + 16) * 3) + 2; i++, numbers++)
                squares += Math.Pow((view[i] - still[i]) * 127.5 / 2, 2);
        }

        // α 100 and σ 10 on average: 100 / √3 / (2 · 10 · √π)
        Assert.Equal(1.63, Math.Sqrt(squares / numbers), 0.15);
    }

    [Fact]
    public void Views_begin_at_every_whole_pixel_and_stay_inside()
    {
        var patch = new SourcePatch(Picture(67, 66, (x, y) => ((byte)x, (byte)y, 0)), 1);
        var augmenter = new PatchAugmenter(_none, _whole);
        var seen = new HashSet<(int, int)>();
        for (var place = 0; place < 500; place++)
        {
            var view = Any(augmenter, patch, place, 0);
            var (x, y) = ((view[0] + 1) * 127.5, (view[1] + 1) * 127.5);
            seen.Add(((int)Math.Round(x), (int)Math.Round(y)));
            Assert.Equal(Math.Round(x), x, 1e-4);
        }

        Assert.Equal(12, seen.Count);
        Assert.All(seen, start => Assert.True(start is (>= 0 and <= 3, >= 0 and <= 2)));
    }

    [Fact]
    public void A_place_tells_the_middle_of_a_view_and_a_change_all_else()
    {
        var augmenter = new PatchAugmenter(_none with { Symmetries = true, Scale = 0.2 }, _pooled);
        var patch = new SourcePatch(Picture(200, 200, (x, y) => ((byte)x, (byte)y, 0)), 1);
        var places = Enumerable.Range(0, 20).Select(place => Centre(place, 0)).ToList();
        Assert.True(places.Distinct().Count() > 15);
        for (var place = 0; place < places.Count; place++)
        {
            for (var change = 1; change < 10; change++)
            {
                var (x, y) = Centre(place, change);
                Assert.Equal(places[place].X, x, 0.02);
                Assert.Equal(places[place].Y, y, 0.02);
            }
        }

        // the same change turns and scales another place alike
        var still = new SourcePatch(Picture(200, 200, (_, _) => (128, 128, 128)), 1);
        var noisy = new PatchAugmenter(AugmentationOptions.Named["strong"], _pooled);
        Assert.Equal(Any(noisy, still, 1, 7), Any(noisy, still, 2, 7));
        Assert.NotEqual(Any(noisy, still, 1, 7), Any(noisy, still, 1, 8));

        // four numbers lie around the middle, whatever the scale and symmetry
        (double X, double Y) Centre(int place, int change)
        {
            var view = Any(augmenter, patch, place, change);
            var (x, y) = (0.0, 0.0);
            foreach (var i in new[] { (15 * 32) + 15, (15 * 32) + 16, (16 * 32) + 15, (16 * 32) + 16 })
                (x, y) = (x + ((view[i * 3] + 1) * 127.5 / 4), y + ((view[(i * 3) + 1] + 1) * 127.5 / 4));
            return (Math.Round(x, 2), Math.Round(y, 2));
        }
    }

    [Fact]
    public void A_view_depends_on_nothing_but_the_patch_the_place_and_the_change()
    {
        var options = AugmentationOptions.Parse("strong,hue=0.3,saturation=0.5,blur=3");
        var patch = new SourcePatch(Noise(90, 70), 1);
        var first = Any(new PatchAugmenter(options, _pooled), patch, 11, 12);
        _ = Any(new PatchAugmenter(options, new EncoderShape()), new SourcePatch(Noise(300, 200), 0.7), 1, 2);
        Assert.Equal(first, Any(new PatchAugmenter(options, _pooled), patch, 11, 12));
        float[]? elsewhere = null;
        var thread = new Thread(() => elsewhere = Any(new PatchAugmenter(options, _pooled), patch, 11, 12));
        thread.Start();
        thread.Join();
        Assert.Equal(first, elsewhere);
    }

    [Fact]
    public void One_option_changes_nothing_of_what_another_draws()
    {
        var patch = new SourcePatch(Noise(64, 64), 1);
        var light = new PatchAugmenter(AugmentationOptions.Parse("light,noise=0,contrast=0"), _pooled);
        var black = new PatchAugmenter(AugmentationOptions.Parse("light,noise=0,contrast=0,brightness=0"), _pooled);
        for (var change = 0; change < 20; change++)
        {
            var (bright, plain) = (Any(light, patch, 1, change), Any(black, patch, 1, change));
            var factors = bright
                .Zip(plain, (x, y) => (X: x + 1, Y: y + 1))
                .Where(pair => pair is { X: < 1.99f, Y: > 0.1f })
                .Select(pair => pair.X / pair.Y)
                .ToList();
            Assert.Equal(factors.Min(), factors.Max(), 1e-4);
        }
    }

    [Fact]
    public void Whatever_is_drawn_every_number_stays_in_range()
    {
        var options = AugmentationOptions.Parse(
            "strong,scale=0.5,elastic=1000,elastic-sigma=2..20,hed=1,hue=1,saturation=1,contrast=1,brightness=1,blur=16,noise=1"
        );
        Gen.Select(Gen.Int[1, 200], Gen.Int[1, 200], Gen.Double[0.2, 1], Gen.Int[32, 50], Gen.Bool, Gen.Int)
            .Sample(
                (width, height, step, half, published, seed) =>
                {
                    var shape = new EncoderShape
                    {
                        PatchSize = 2 * half,
                        Architecture = published ? EncoderArchitecture.Published : EncoderArchitecture.Deep,
                    };
                    var patch = new SourcePatch(Noise(width, height), step > 0.6 ? 1 : step);
                    Assert.All(
                        Any(new PatchAugmenter(options, shape), patch, seed, seed),
                        x => Assert.InRange(x, -1, 1)
                    );
                },
                iter: 100
            );
    }

    [Theory]
    [InlineData(5)]
    [InlineData(250)]
    public void Empty_and_black_views_keep_their_stains(byte value)
    {
        var patch = new SourcePatch(Picture(64, 64, (_, _) => (value, value, value)), 1);
        var augmenter = new PatchAugmenter(_none with { Stain = 0.2 }, _pooled);
        Assert.All(Any(augmenter, patch, 1, 1), x => Assert.Equal((value / 127.5) - 1, x, 1e-6));

        var tissue = new SourcePatch(Picture(64, 64, (_, _) => (200, 120, 180)), 1);
        Assert.Contains(Any(augmenter, tissue, 1, 1), x => Math.Abs(x - ((200 / 127.5) - 1)) > 0.01);
    }

    [Theory]
    [InlineData(EncoderArchitecture.Published, 0.5)]
    [InlineData(EncoderArchitecture.Deep, 1)]
    public void Noise_is_as_strong_as_that_of_the_patch_is_after_pooling(EncoderArchitecture architecture, double share)
    {
        var shape = new EncoderShape { Architecture = architecture };
        var augmenter = new PatchAugmenter(_none with { Noise = 0.1 }, shape);
        var patch = new SourcePatch(Picture(128, 128, (_, _) => (128, 128, 128)), 1);
        var deviations = Enumerable
            .Range(0, 300)
            .Select(change => Math.Sqrt(Any(augmenter, patch, 1, change).Average(x => Math.Pow((x - 0.00392) / 2, 2))))
            .ToList();
        Assert.Equal(0.05 * share, deviations.Average(), 0.005 * share);
        Assert.Equal(0.1 * share, deviations.Max(), 0.004 * share);
    }

    [Fact]
    public void Cutting_views_allocates_nothing()
    {
        var augmenter = new PatchAugmenter(AugmentationOptions.Parse("strong,hue=0.1,blur=4"), new EncoderShape());
        var patch = new SourcePatch(Noise(150, 140), 1);
        var view = new float[augmenter.Length];
        for (var change = 0; change < 200; change++)
            augmenter.CutAnywhere(patch, 1, change, view);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var change = 0; change < 200; change++)
            augmenter.CutAnywhere(patch, 1, change, view);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    // a number of a view: the mean of bilinear samples at the encoder's pixels that it stands for, in double precision
    private static double Sampled(
        EncoderShape shape,
        SourcePatch patch,
        double left,
        double top,
        Symmetry symmetry,
        double zoom,
        int number
    )
    {
        var (row, column, colour) = (number / 3 / shape.InputSide, number / 3 % shape.InputSide, number % 3);
        var half = shape.PatchSize / 2.0;
        var (across, down) = (((column + 0.5) * shape.Pool) - half, ((row + 0.5) * shape.Pool) - half);
        if (symmetry.Transposed)
            (across, down) = (down, across);
        across *= symmetry.MirroredColumns ? -1 : 1;
        down *= symmetry.MirroredRows ? -1 : 1;
        var x = left + (half * patch.Step) + (across * patch.Step / zoom) - 0.5;
        var y = top + (half * patch.Step) + (down * patch.Step / zoom) - 0.5;

        // of a patch at the encoder's scale, its own pixels are averaged
        var apart = patch.Step == 1 ? 1 : patch.Step / zoom;
        double[] offsets = shape.Pool == 1 ? [0] : [-apart / 2, apart / 2];
        return (from dy in offsets from dx in offsets select Bilinear(patch.Picture, x + dx, y + dy, colour)).Average();
    }

    private static double Bilinear(RgbImage picture, double x, double y, int colour)
    {
        var (column, row) = ((int)Math.Floor(x), (int)Math.Floor(y));
        var (right, down) = (x - column, y - row);
        return (At(0, 0) * (1 - right) * (1 - down))
            + (At(1, 0) * right * (1 - down))
            + (At(0, 1) * (1 - right) * down)
            + (At(1, 1) * right * down);

        double At(int dx, int dy) =>
            Number(picture, Mirrored(column + dx, picture.Width), Mirrored(row + dy, picture.Height), colour);
    }

    // step by step, as a ball between two walls
    private static int Mirrored(int position, int length)
    {
        if (length == 1)
            return 0;
        while (position < 0 || position >= length)
            position = position < 0 ? -position : (2 * (length - 1)) - position;
        return position;
    }

    private static float[] Laid(float[] view, int side, bool transposed, bool rows, bool columns)
    {
        var laid = new float[view.Length];
        for (var row = 0; row < side; row++)
        {
            for (var column = 0; column < side; column++)
            {
                var (from, across) = transposed ? (column, row) : (row, column);
                from = rows ? side - 1 - from : from;
                across = columns ? side - 1 - across : across;
                view.AsSpan(((from * side) + across) * 3, 3).CopyTo(laid.AsSpan(((row * side) + column) * 3));
            }
        }

        return laid;
    }

    private static float[] Middle(EncoderShape shape, SourcePatch patch)
    {
        var augmenter = new PatchAugmenter(AugmentationOptions.Named["strong"], shape);
        var view = new float[augmenter.Length];
        augmenter.CutMiddle(patch, view);
        return view;
    }

    private static float[] Any(PatchAugmenter augmenter, SourcePatch patch, int place, int change)
    {
        var view = new float[augmenter.Length];
        augmenter.CutAnywhere(patch, place, change, view);
        return view;
    }

    private static double Number(RgbImage picture, int x, int y, int colour) =>
        (picture.Pixels[(((y * picture.Width) + x) * 3) + colour] / 127.5) - 1;

    private static RgbImage Noise(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(width + (1000 * height)).NextBytes(pixels);
        return new RgbImage(width, height, pixels);
    }

    private static RgbImage Picture(int width, int height, Func<int, int, (byte R, byte G, byte B)> colour)
    {
        var pixels = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                (
                    pixels[((y * width) + x) * 3],
                    pixels[(((y * width) + x) * 3) + 1],
                    pixels[(((y * width) + x) * 3) + 2]
                ) = colour(x, y);
        }

        return new RgbImage(width, height, pixels);
    }
}
