namespace Histonic.Learning.Encoders.Training;

/// <summary>Lowers the learning rate to a tenth each time the validation stops getting better (P2: "/10 on plateau"), and says when to end.</summary>
/// <param name="first">The first learning rate.</param>
/// <param name="least">The last one.</param>
/// <param name="patience">How many epochs without a better one make a plateau.</param>
internal sealed class PlateauSchedule(double first, double least, int patience)
{
    private int _waited;

    public double LearningRate { get; private set; } = first;

    public bool Finished { get; private set; }

    public void Tell(bool better)
    {
        _waited = better ? 0 : _waited + 1;
        if (_waited < patience)
            return;
        _waited = 0;
        Finished = LearningRate <= least * 1.001;
        LearningRate = Math.Max(LearningRate / 10, least);
    }
}
