using Histonic.Slides;
using Histonic.Slides.Reading;

namespace Histonic.Learning.Encoders.Training.Data;

/// <summary>Slides open for reading, a limited number at once: a cohort has more files than a process may open.</summary>
/// <param name="pixelSize">What every slide's pixel size is taken to be; null = as its file tells.</param>
internal sealed class OpenSlides(Microns? pixelSize) : IDisposable
{
    private const int Most = 32;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (ISlide Slide, int Users, long Last)> _open = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>Reads from a slide. May be called from several threads at once.</summary>
    /// <param name="path">The slide.</param>
    /// <param name="read">Reads; the slide is open while it does.</param>
    /// <exception cref="InputException">The slide cannot be opened or read.</exception>
    public T With<T>(string path, Func<ISlide, T> read)
    {
        var slide = Take(path);
        try
        {
            return read(slide);
        }
        finally
        {
            lock (_gate)
                _open[path] = _open[path] with { Users = _open[path].Users - 1 };
        }
    }

    /// <summary>Closes them all.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var one in _open.Values)
                one.Slide.Dispose();
            _open.Clear();
        }
    }

    private ISlide Take(string path)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(path, out var one))
            {
                if (_open.Count >= Most && _open.Where(other => other.Value.Users == 0).ToList() is { Count: > 0 } idle)
                {
                    var oldest = idle.MinBy(other => other.Value.Last);
                    _open.Remove(oldest.Key);
                    oldest.Value.Slide.Dispose();
                }

                one = (SlideReader.Open(path, pixelSize), 0, 0);
            }

            _open[path] = one with { Users = one.Users + 1, Last = ++_clock };
            return one.Slide;
        }
    }
}
