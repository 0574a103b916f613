namespace Histonic.Learning.Prediction;

/// <summary>Lowers a learning rate each time a loss has stood still for some epochs.</summary>
/// <param name="first">The rate to begin with.</param>
/// <param name="factor">What it is multiplied by.</param>
/// <param name="patience">How many epochs without a new least loss are borne.</param>
/// <param name="least">The rate it does not fall below.</param>
internal sealed class Plateau(double first, double factor = 1 / 3.0, int patience = 6, double least = 1e-4)
{
    private double _best = double.PositiveInfinity;
    private int _waited;

    /// <summary>Gets the rate.</summary>
    public double Rate { get; private set; } = first;

    /// <summary>Tells the loss of an epoch.</summary>
    public void Tell(double loss)
    {
        if (loss < _best * (1 - 1e-4))
        {
            (_best, _waited) = (loss, 0);
            return;
        }

        if (++_waited <= patience)
            return;
        _waited = 0;
        Rate = Math.Min(Rate, Math.Max(Rate * factor, least));
    }
}
