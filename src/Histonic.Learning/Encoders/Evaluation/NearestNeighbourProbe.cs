using System.Numerics;
using System.Runtime.InteropServices;
using Histonic.Learning.Encoders.Scoring;

namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>The k nearest training patches vote for their classes: what an encoder's geometry says, with nothing learned on top.</summary>
/// <remarks>
/// Nearness is the Euclidean distance of scaled embeddings. An angle would not do: mean-RGB has three numbers, and scaled ones of opposite
/// sign may be as alike in direction as they are unlike in tissue. A vote weighs 1 / (training patches of its class), so a
/// common class does not win by being common. The number k, from 1, 3, 5, … 51, is the one with the highest AUC on the validation
/// patches; of equal ones the largest, whose probabilities are the finest. Of equally near patches the earlier counts as nearer.
/// </remarks>
internal static class NearestNeighbourProbe
{
    private const int MostNeighbours = 51;

    /// <summary>Chooses k on the validation patches, and says what the votes take the others for.</summary>
    /// <param name="data">The embeddings.</param>
    /// <param name="threads">How many threads compare.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static ProbeRun Run(ProbeData data, int threads, CancellationToken cancellationToken)
    {
        var most = Math.Min(MostNeighbours, data.Train.Count);
        var validation = Neighbours(data.Train, data.Validation, most, threads, cancellationToken);
        var (best, chosen) = (double.NegativeInfinity, 1);
        for (var k = 1; k <= most; k += 2)
        {
            var votes = Votes(data, validation, k);
            var score = TaskOutputs
                .Of(data.Validation.Labels.Zip(data.Validation.Groups), data.Classes, votes, double.NaN)
                .Score()
                .Choice;
            if (score >= best)
                (best, chosen) = (score, k);
        }

        var test = Neighbours(data.Train, data.Test, most, threads, cancellationToken);
        return new ProbeRun(Votes(data, validation, chosen), Votes(data, test, chosen), chosen);
    }

    /// <summary>The shares of the votes, as probabilities.</summary>
    /// <param name="data">The embeddings; the training patches vote.</param>
    /// <param name="neighbours">For each patch the nearest training patches, the nearest first.</param>
    /// <param name="k">How many of them vote.</param>
    /// <returns>N × K.</returns>
    internal static double[] Votes(ProbeData data, IReadOnlyList<int[]> neighbours, int k)
    {
        var counts = new int[data.Classes];
        foreach (var label in data.Train.Labels)
            counts[label]++;
        var votes = new double[neighbours.Count * data.Classes];
        for (var patch = 0; patch < neighbours.Count; patch++)
        {
            var mine = votes.AsSpan(patch * data.Classes, data.Classes);
            var sum = 0.0;
            foreach (var row in neighbours[patch].AsSpan(0, k))
            {
                var label = data.Train.Labels[row];
                mine[label] += 1.0 / counts[label];
                sum += 1.0 / counts[label];
            }

            foreach (ref var vote in mine)
                vote /= sum;
        }

        return votes;
    }

    /// <summary>The nearest training patches of each patch, the nearest first.</summary>
    internal static IReadOnlyList<int[]> Neighbours(
        LabelledEmbeddings training,
        LabelledEmbeddings patches,
        int count,
        int threads,
        CancellationToken cancellationToken
    )
    {
        var nearest = new int[patches.Count][];
        Parallel.For(
            0,
            patches.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            patch => nearest[patch] = Nearest(training, patches[patch], count)
        );
        return nearest;
    }

    private static int[] Nearest(LabelledEmbeddings training, ReadOnlySpan<float> embedding, int count)
    {
        var rows = new int[count];
        var distances = new float[count];
        var held = 0;
        for (var row = 0; row < training.Count; row++)
        {
            var distance = SquaredDistance(training[row], embedding);
            if (held == count && distance >= distances[^1])
                continue;
            // insertion: few rows are nearer than the farthest held once some have been seen
            var at = held < count ? held++ : count - 1;
            for (; at > 0 && distances[at - 1] > distance; at--)
                (distances[at], rows[at]) = (distances[at - 1], rows[at - 1]);
            (distances[at], rows[at]) = (distance, row);
        }

        return rows;
    }

    private static float SquaredDistance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var vectorsA = MemoryMarshal.Cast<float, Vector<float>>(a);
        var vectorsB = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < vectorsA.Length; i++)
        {
            var away = vectorsA[i] - vectorsB[i];
            sums += away * away;
        }

        var sum = Vector.Sum(sums);
        for (var i = vectorsA.Length * Vector<float>.Count; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
