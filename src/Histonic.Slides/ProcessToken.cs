using System.Diagnostics;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Histonic.Slides;

/// <summary>Names a process among those of all machines that share a folder, so that another can tell whether it still lives.</summary>
/// <param name="Machine">
/// 16 hexadecimals: a hash of the machine's name and, on Linux, of its boot and its space of process ids. Two containers on one
/// machine, or with one name, are so two machines.
/// </param>
/// <param name="Id">The process id.</param>
/// <param name="Started">When it started: ids are used again. Clock ticks after the boot on Linux, 100 ns since the year 1 elsewhere.</param>
public sealed record ProcessToken(string Machine, int Id, long Started)
{
    /// <summary>Gets this process's.</summary>
    public static ProcessToken Current { get; } =
        new(MachineHash(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0);

    /// <summary>Gets whether it ran on this machine.</summary>
    public bool IsOfThisMachine => string.Equals(Machine, Current.Machine, StringComparison.Ordinal);

    /// <summary>Gets whether it is known to have ended; false for a process of another machine, of which nothing is known.</summary>
    public bool HasEnded => IsOfThisMachine && (!Exists(Id) || (StartOf(Id) is { } started && started != Started));

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is something else.</summary>
    public static ProcessToken? Parse(string text) =>
        text.Split('-') is [{ Length: 16 } machine, var id, var started]
        && machine.All(char.IsAsciiHexDigitLower)
        && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
        && long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new ProcessToken(machine, process, ticks)
            : null;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Machine}-{Id}-{Started}");

    private static string MachineHash()
    {
        var name = new StringBuilder(Environment.MachineName);
        if (OperatingSystem.IsLinux())
        {
            try
            {
                name.Append('|').Append(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim());
                name.Append('|').Append(new FileInfo("/proc/self/ns/pid").LinkTarget);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // without /proc the name has to do
            }
        }

        return XxHash3
            .HashToUInt64(Encoding.UTF8.GetBytes(name.ToString()))
            .ToString("x16", CultureInfo.InvariantCulture);
    }

    private static bool Exists(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !(OperatingSystem.IsLinux() && IsZombie(id));
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>When a process started; null when that cannot be known (ended, or hidden from this user).</summary>
    private static long? StartOf(int id)
    {
        try
        {
            // .NET reckons start times from the wall clock on Linux, where they then drift
            if (OperatingSystem.IsLinux())
            {
                const int StartField = 19; // of those after the name: field 22 of proc(5)
                return Stat(id) is { } fields ? long.Parse(fields[StartField], CultureInfo.InvariantCulture) : null;
            }

            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime().Ticks;
        }
        catch (Exception error)
            when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static bool IsZombie(int id) => Stat(id) is ["Z" or "X", ..];

    /// <summary>The fields of /proc/ID/stat after the program's name, which may itself hold spaces and brackets.</summary>
    private static string[]? Stat(int id)
    {
        try
        {
            var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
