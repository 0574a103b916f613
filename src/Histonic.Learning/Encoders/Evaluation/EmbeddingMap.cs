using Histonic.Slides;
using Histonic.Statistics;
using Histonic.Statistics.Embedding;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>Test patches laid out in two dimensions by their embeddings.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Points">The patches shown.</param>
/// <param name="Of">How many test patches there are.</param>
/// <param name="Explained">The shares of the variance along the two principal components, in [0, 1].</param>
public sealed record EmbeddingMap(string Task, IReadOnlyList<MapPoint> Points, int Of, IReadOnlyList<double> Explained)
{
    /// <summary>The perplexity of t-SNE, as its authors' example; less with few patches.</summary>
    public const double Perplexity = 30;

    /// <summary>Lays out embeddings that were scaled as the probes see them.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="test">The embeddings of all test patches.</param>
    /// <param name="ids">What names each.</param>
    /// <param name="classes">The classes' names.</param>
    /// <param name="most">The most patches shown; more are drawn from, by the seed.</param>
    /// <param name="seed">Chooses them.</param>
    /// <param name="threads">How many threads compute.</param>
    /// <param name="onStep">Told of each step of t-SNE and of how many there are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static EmbeddingMap Create(
        string task,
        LabelledEmbeddings test,
        IReadOnlyList<string> ids,
        IReadOnlyList<string> classes,
        int most,
        Seed seed,
        int threads,
        Action<int, int> onStep,
        CancellationToken cancellationToken
    )
    {
        int[] rows = [.. Enumerable.Range(0, test.Count)];
        if (rows.Length > most)
        {
            seed.For($"map {task}").Shuffle(rows);
            rows = [.. rows.Take(most).Order()];
        }

        var shown = new LabelledEmbeddings(
            [.. rows.SelectMany(row => test[row].ToArray())],
            test.Channels,
            [.. rows.Select(row => test.Labels[row])],
            [.. rows.Select(row => test.Groups[row])]
        );
        var components = PrincipalComponents.Of(shown);
        var neighbours = Neighbours(shown, components.Scores, threads, onStep, cancellationToken);
        return new EmbeddingMap(
            task,
            [
                .. rows.Select(
                    (row, i) =>
                        new MapPoint(
                            ids[row],
                            classes[test.Labels[row]],
                            test.Groups[row],
                            components.Scores[2 * i],
                            components.Scores[(2 * i) + 1],
                            neighbours?[2 * i],
                            neighbours?[(2 * i) + 1]
                        )
                ),
            ],
            test.Count,
            components.Explained
        );
    }

    private static double[]? Neighbours(
        LabelledEmbeddings shown,
        double[] start,
        int threads,
        Action<int, int> onStep,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return TSne.Map(shown.Values, shown.Channels, start, Perplexity, threads, onStep, cancellationToken);
        }
        catch (StatisticsException)
        {
            return null; // too few patches, or all alike: the principal components show that
        }
    }
}
