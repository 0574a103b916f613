using static TorchSharp.torch;

namespace Histonic.Learning.Encoders.Training.Objectives;

/// <summary>Takes the gradient of a loss and lets a player's optimiser make a step.</summary>
/// <param name="player">The index in <see cref="IObjective.Players"/>.</param>
/// <param name="loss">A scalar.</param>
internal delegate void Descend(int player, Tensor loss);
