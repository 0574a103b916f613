using Histonic.Learning.Encoders.Evaluation;
using Histonic.Tests.Support;

namespace Histonic.Tests.Learning.Encoders.Evaluation;

[NoTensorLeaks]
public sealed class PrincipalComponentsTests
{
    [Fact]
    public void Components_are_scikit_learns_up_to_their_signs()
    {
        var points = GoldenTable.Read("embeddings_points.csv").Where("part", "train");
        var columns = Enumerable.Range(0, 5).Select(i => points.Numbers($"x{i}")).ToList();
        var found = PrincipalComponents.Of(Embeddings(columns));
        var golden = GoldenTable.Read("embeddings_map.csv");
        var scores = GoldenTable.Read("embeddings_scores.csv");
        foreach (var component in new[] { 0, 1 })
        {
            var expected = golden.Numbers($"pc{component + 1}");
            var mine = Enumerable.Range(0, expected.Length).Select(row => found.Scores[(2 * row) + component]).ToList();
            var sign = Math.Sign(mine.Zip(expected).Sum(pair => pair.First * pair.Second));
            Assert.All(mine.Zip(expected), pair => Assert.Equal(pair.Second, sign * pair.First, 1e-5));
            Assert.Equal(scores[$"explained_{component + 1}"], found.Explained[component], 1e-6);
        }
    }

    [Fact]
    public void A_component_points_where_its_largest_weight_is_positive()
    {
        double[] line = [.. Enumerable.Range(0, 9).Select(i => (double)i)];
        foreach (var slope in new[] { -3.0, 3.0 })
        {
            var found = PrincipalComponents.Of(Embeddings([line, [.. line.Select(value => value * slope)]]));
            // the second number varies most: scores rise with it
            Assert.Equal(Math.Sign(slope), Math.Sign(found.Scores[2 * 8] - found.Scores[0]));
            Assert.Equal(1, found.Explained[0], 1e-12);
        }
    }

    [Fact]
    public void One_number_alone_has_one_component()
    {
        var found = PrincipalComponents.Of(
            Embeddings([
                [1, 4, 7],
            ])
        );
        Assert.Equal([-3, 0, 0, 0, 3, 0], found.Scores.Select(score => Math.Round(score, 9)));
        Assert.Equal([1, 0], found.Explained);
    }

    private static LabelledEmbeddings Embeddings(List<double[]> columns) =>
        new(
            [.. Enumerable.Range(0, columns[0].Length).SelectMany(row => columns.Select(column => (float)column[row]))],
            columns.Count,
            new int[columns[0].Length],
            [.. columns[0].Select(_ => "g")]
        );
}
