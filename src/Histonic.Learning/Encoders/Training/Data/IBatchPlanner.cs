namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Chooses the patches of each batch.</summary>
internal interface IBatchPlanner
{
    /// <summary>Gets the number of views in a batch.</summary>
    int Views { get; }

    /// <summary>What a step's batch holds. The same step gives the same answer, whatever was asked before: a training can go on anywhere.</summary>
    /// <param name="step">From 0.</param>
    BatchPlan Plan(long step);
}
