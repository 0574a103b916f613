namespace Histonic.Tests.Support;

/// <summary>A clock that stands until it is set.</summary>
internal sealed class SetClock : TimeProvider
{
    /// <summary>Gets or sets the time that has gone.</summary>
    public TimeSpan Now { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;
}
