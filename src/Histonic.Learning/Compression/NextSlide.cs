namespace Histonic.Learning.Compression;

/// <summary>
/// Prepares the next slide while one is encoded. The search for tissue has one thread; beside it the others would wait, on a small slide for a tenth
/// of its time.
/// </summary>
/// <remarks>What fails ahead of its turn is forgotten, and fails again in its turn, where its stage is told.</remarks>
/// <param name="compressor">Prepares it.</param>
internal sealed class NextSlide(SlideCompressor compressor)
{
    private SlideSource? _source;
    private Task<PreparedSlide?> _prepared = Task.FromResult<PreparedSlide?>(null);

    /// <summary>Begins to prepare a slide, unless one was begun and not taken.</summary>
    public void Begin(SlideSource source)
    {
        if (_source is not null)
            return;
        _source = source;
        _prepared = Task.Run(() =>
        {
            try
            {
                return compressor.Prepare(source, _ => { });
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return null;
            }
        });
    }

    /// <summary>Takes a slide that was prepared, which is the caller's then.</summary>
    /// <returns>Null when it was not begun, or could not be prepared. Another one that was begun is given up.</returns>
    public async Task<PreparedSlide?> TakeAsync(SlideSource source)
    {
        if (_source != source)
        {
            await GiveUpAsync().ConfigureAwait(false);
            return null;
        }

        _source = null;
        return await _prepared.ConfigureAwait(false);
    }

    /// <summary>Gives up what was begun.</summary>
    public async Task GiveUpAsync()
    {
        if (_source is null)
            return;
        _source = null;
        using var unused = await _prepared.ConfigureAwait(false);
    }
}
