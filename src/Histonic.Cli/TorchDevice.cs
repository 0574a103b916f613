using Histonic.Slides;

namespace Histonic.Cli;

/// <summary>Where slide-level networks run.</summary>
internal static class TorchDevice
{
    /// <summary>Refuses a device these networks do not run on.</summary>
    public static void Require(string device)
    {
        if (device is not "cpu")
            throw new OptionException(
                "--device",
                device,
                "cpu for this command: its networks are small and train there"
            );
    }
}
