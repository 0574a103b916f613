namespace Histonic.Learning.Encoders.Evaluation;

/// <summary>How well one method tells one task's classes by one encoder's embeddings.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Method">The method.</param>
/// <param name="Test">By the figure's name (auc, balanced_accuracy, accuracy), on the test patches; without those they do not determine.</param>
/// <param name="Validation">The same on the validation patches, by which the method was chosen: too good.</param>
/// <param name="Chosen">What the validation patches chose, a number a repeat: the epoch of the best weights (mlp), the number of neighbours (knn).</param>
public sealed record ProbeFigures(
    string Task,
    ProbeMethod Method,
    IReadOnlyDictionary<string, RepeatedEstimate> Test,
    IReadOnlyDictionary<string, RepeatedEstimate> Validation,
    IReadOnlyList<int> Chosen
);
