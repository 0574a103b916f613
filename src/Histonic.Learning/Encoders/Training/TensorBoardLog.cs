using TorchSharp;
using TorchSharp.Modules;

namespace Histonic.Learning.Encoders.Training;

/// <summary>The numbers of each epoch as TensorBoard event files: tensorboard --logdir RUN/tensorboard.</summary>
/// <remarks>Steps are steps of the training. A training that goes on adds a file; TensorBoard shows the files of a folder as one curve.</remarks>
internal sealed class TensorBoardLog
{
    private readonly SummaryWriter _writer;

    /// <summary>Begins an event file.</summary>
    /// <param name="folder">Where; made when it is missing.</param>
    public TensorBoardLog(string folder) =>
        _writer = torch.utils.tensorboard.SummaryWriter(folder, createRunName: false);

    /// <summary>Adds the numbers of an epoch; those that are not determined are left out.</summary>
    /// <param name="losses">The losses' names.</param>
    /// <param name="scores">The scores' names.</param>
    /// <param name="epoch">The epoch.</param>
    public void Add(IEnumerable<string> losses, IEnumerable<string> scores, EpochRecord epoch)
    {
        foreach (var (name, value) in losses.Zip(epoch.Losses))
            Add($"train/{name}", value);
        foreach (var (name, value) in scores.Zip(epoch.Scores))
            Add($"validation/{name}", value);
        Add("learning_rate", epoch.LearningRate);
        Add("patches_per_second", epoch.PatchesPerSecond);

        void Add(string tag, double value)
        {
            if (double.IsFinite(value))
                _writer.add_scalar(tag, (float)value, (int)epoch.Steps);
        }
    }
}
