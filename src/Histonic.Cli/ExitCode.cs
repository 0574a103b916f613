namespace Histonic.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int WrongUsage = 1;
    public const int InputAtFault = 2;
    public const int DoneInPart = 3;
    public const int Cancelled = 130;
}
