using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Tests.Support;
using static TorchSharp.torch;

namespace Histonic.Tests.Learning.Prediction;

[NoTensorLeaks]
public sealed class AttentionMilTests
{
    private const int Channels = 5;

    private static readonly FeatureScaling _plain = new(new float[Channels], [1, 1, 1, 1, 1]);

    /// <summary>Ilse, Tomczak and Welling, ICML 2018, eq. 8 and 9, written out cell by cell.</summary>
    [Fact]
    public void It_computes_gated_attention_as_its_paper_writes_it()
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(3);
        using var network = new AttentionMil(Channels, 2, positions: false, chance);
        network.eval();
        var slide = Slide(4, 3, 9);
        var bag = network.Input.Stack([(slide, network.Input.Best(slide))], _plain);

        var got = network.call(bag)[0].data<float>().ToArray();
        var attention = network.Attend(bag)[0].data<float>().ToArray();

        var state = network
            .state_dict()
            .ToDictionary(pair => pair.Key, pair => Rows(pair.Value), StringComparer.Ordinal);
        double[] Layer(string name, double[] x) =>
            [
                .. state[$"{name}.weight"]
                    .Select((row, i) => row.Zip(x, (w, v) => w * v).Sum() + state[$"{name}.bias"][i][0]),
            ];
        var codes = Enumerable
            .Range(0, slide.Cells.Count)
            .Select(n =>
                Array.ConvertAll(
                    Layer("_code", [.. slide.Embedding(n).ToArray().Select(v => (double)v)]),
                    v => Math.Max(v, 0)
                )
            )
            .ToArray();
        var logits = codes
            .Select(code =>
                Layer(
                    "_weight",
                    [.. Layer("_tanh", code).Zip(Layer("_gate", code), (t, g) => Math.Tanh(t) / (1 + Math.Exp(-g)))]
                )[0]
            )
            .ToArray();
        var shares = Array.ConvertAll(logits, logit => Math.Exp(logit - logits.Max()));
        shares = Array.ConvertAll(shares, share => share / shares.Sum());
        var mean = Enumerable
            .Range(0, codes[0].Length)
            .Select(h => codes.Zip(shares, (code, share) => code[h] * share).Sum())
            .ToArray();
        var wanted = Layer("_output", mean);

        Assert.Equal(1, attention.Sum(), 1e-5);
        foreach (var (n, share) in shares.Index())
            Assert.Equal(share, attention[n], 1e-5);
        Assert.Equal(wanted[0], got[0], 1e-4);
        Assert.Equal(wanted[1], got[1], 1e-4);
    }

    [Fact]
    public void A_shorter_bag_of_a_batch_counts_as_if_it_were_alone()
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(3);
        using var network = new AttentionMil(Channels, 1, positions: true, chance);
        network.eval();
        CompressedSlide[] slides = [Slide(7, 6, 30), Slide(2, 2, 3), Slide(1, 1, 1)];

        var together = network.call(
            network.Input.Stack([.. slides.Select(slide => (slide, network.Input.Best(slide)))], _plain)
        );

        for (var i = 0; i < slides.Length; i++)
        {
            var alone = network.call(network.Input.Stack([(slides[i], network.Input.Best(slides[i]))], _plain));
            Assert.Equal(alone[0, 0].item<float>(), together[i, 0].item<float>(), 1e-5);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Only_with_positions_it_matters_where_cells_lie(bool positions)
    {
        using var scope = NewDisposeScope();
        using var chance = new Generator(3);
        using var network = new AttentionMil(Channels, 1, positions, chance);
        network.eval();
        var slide = Slide(6, 6, 12);
        var elsewhere = slide with { Cells = [.. slide.Cells.Select(cell => new GridCell(5 - cell.Row, cell.Column))] };

        var (one, other) = (Output(network, slide), Output(network, elsewhere));

        Assert.Equal(positions, Math.Abs(one - other) > 1e-4);
        Assert.Equal(positions ? 8 : 1, network.Input.All(slide).Count());
    }

    [Fact]
    public void A_bag_too_large_for_one_look_is_seen_cell_by_cell_in_several()
    {
        const int Wide = 2048;
        var input = new BagInput(Wide, positions: false);
        var slide = Slide(200, 200, 20_000) with { Channels = Wide };

        var looks = input.All(slide).ToArray();

        Assert.Equal(3, looks.Length); // 20,000 cells of 2,051 floats in looks of 16.8 million
        var seen = looks.SelectMany(view =>
        {
            var cells = BagInput.Seen(slide, view);
            return Enumerable.Range(0, cells.Count).Select(i => cells.At(i)).ToArray();
        });
        Assert.Equal(Enumerable.Range(0, 20_000), seen.Order());
        Assert.All(looks, view => Assert.InRange(input.LengthOf(slide, view), 1, 1 << 24));
    }

    [Fact]
    public void A_training_step_sees_a_sample_in_which_every_cell_is_as_likely()
    {
        var counts = new int[1500];
        for (var seed = 1; seed <= 400; seed++)
        {
            var sample = BagCells.Sample(counts.Length, 1024, seed);
            var indices = Enumerable.Range(0, sample.Count).Select(i => sample.At(i)).ToArray();
            Assert.Equal(1024, indices.Distinct().Count());
            Assert.Equal(indices.Order(), indices);
            foreach (var i in indices)
                counts[i]++;
        }

        // binomial: 400 draws of probability 0.683, deviation 9.3; five of them
        Assert.All(counts, count => Assert.InRange(count, 273 - 47, 273 + 47));
    }

    private static float Output(AttentionMil network, CompressedSlide slide) =>
        network.call(network.Input.Stack([(slide, network.Input.Best(slide))], _plain))[0, 0].item<float>();

    private static double[][] Rows(Tensor tensor)
    {
        var values = tensor.to(float64).data<double>().ToArray();
        return tensor.dim() < 2
            ? Array.ConvertAll(values, value => new[] { value })
            : [.. values.Chunk((int)tensor.shape[1])];
    }

    private static CompressedSlide Slide(int rows, int columns, int count)
    {
        var random = new Random(rows + columns + count);
        var features = new float[count * Channels];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)(random.NextDouble() - 0.5) * 4;
        return new PlantedCohort(Channels: Channels).Slide("s", 0, random) with
        {
            Rows = rows,
            Columns = columns,
            Cells = [.. Enumerable.Range(0, count).Select(i => new GridCell(i / columns, i % columns))],
            Features = features,
            Tissue = new float[rows * columns],
        };
    }
}
