namespace Histonic.Slides;

/// <summary>Recognises errors that come from a disk, or a quota, without space.</summary>
public static class DiskFull
{
    // IOException.HResult: the system's error number on Unix, an HRESULT on Windows
    private const int NoSpace = 28;
    private const int QuotaOnLinux = 122;
    private const int QuotaOnMac = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>What to do about it, as a sentence without a full stop.</summary>
    public const string Remedy = "Free some space, then run the same command again";

    /// <summary>Whether this error, or one that caused it, says that there is no space.</summary>
    public static bool Caused(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (
                error is IOException
                && (
                    OperatingSystem.IsWindows()
                        ? error.HResult is WindowsDiskFull or WindowsHandleDiskFull
                        : error.HResult == NoSpace
                            || error.HResult == (OperatingSystem.IsMacOS() ? QuotaOnMac : QuotaOnLinux)
                )
            )
                return true;
        }

        return false;
    }
}
