using Histonic.Slides.Cohorts;
using static TorchSharp.torch;

namespace Histonic.Learning.Prediction;

/// <summary>One of several labels: a sigmoid, binary cross-entropy. It is the softmax of two classes of which "0" has a logit of 0.</summary>
internal sealed class LabelHead(IReadOnlyList<string> classes, ClassBalance balance) : ClassHead(classes, balance)
{
    public override int Outputs => 1;

    public override int Activated => 2;

    public override Tensor Loss(Tensor outputsBO, IReadOnlyList<Truth> truths, (double Centre, double Scale) standard)
    {
        using var scope = NewDisposeScope();
        return base.Loss(cat([zeros_like(outputsBO), outputsBO], 1), truths, standard).MoveToOuterDisposeScope();
    }

    public override double[] Activate(ReadOnlySpan<double> outputs, (double Centre, double Scale) standard) =>
        base.Activate([0, outputs[0]], standard);
}
