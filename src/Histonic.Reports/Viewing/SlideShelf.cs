using System.Collections.Concurrent;
using Histonic.Reports.HeatMaps;
using Histonic.Slides;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;

namespace Histonic.Reports.Viewing;

/// <summary>The slides and embeddings that are open: those used last stay so, and with them the copies that some slides need.</summary>
/// <param name="folder">Where they lie.</param>
internal sealed class SlideShelf(ServedFolder folder) : IDisposable
{
    private const int MostOpen = 12;
    private const int MostFeatures = 6;
    private const int MostThumbnails = 4000;
    private const int ThumbnailSide = 240;

    private readonly Lock _gate = new();
    private readonly LinkedList<(string Path, OpenSlide Slide)> _open = new();
    private readonly LinkedList<(string Path, Lazy<CompressedSlide> Slide)> _features = new();
    private readonly ConcurrentDictionary<string, byte[]> _thumbnails = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _working = new(Environment.ProcessorCount);
    private readonly SemaphoreSlim _copying = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lazy<CopyFolder> _copies = new();

    /// <summary>Does work with an open slide, no more at a time than there are processors. One that needs a copy waits for it.</summary>
    /// <exception cref="InputException">The slide cannot be read, or lies outside the folder by now.</exception>
    public async Task<T> WithAsync<T>(
        string path,
        Func<ISlide, DeepZoomPyramid, T> work,
        CancellationToken cancellationToken
    )
    {
        var slide = Take(path);
        try
        {
            if (await NeedsCopyAsync(slide, cancellationToken).ConfigureAwait(false))
                await CopyAsync(slide).WaitAsync(cancellationToken).ConfigureAwait(false);
            return await WorkAsync(() => work(slide.Pixels, slide.Pyramid), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Return(slide);
        }
    }

    /// <summary>Does work with a slide's own file, of which no pixels are to be read: it waits for no copy.</summary>
    /// <exception cref="InputException">The slide cannot be opened, or lies outside the folder by now.</exception>
    public async Task<T> WithFileAsync<T>(string path, Func<ISlide, T> work, CancellationToken cancellationToken)
    {
        var slide = Take(path);
        try
        {
            return await WorkAsync(() => work(slide.File.Value), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Return(slide);
        }
    }

    /// <summary>Sees to it that a slide can be shown soon.</summary>
    /// <param name="path">The slide.</param>
    /// <param name="patience">How long to wait for it.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Null: it can be shown. Else the share of it that is copied, from 0 to 1.</returns>
    /// <exception cref="InputException">The slide cannot be read, or lies outside the folder by now.</exception>
    public async Task<double?> PrepareAsync(string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        var slide = Take(path);
        try
        {
            if (!await NeedsCopyAsync(slide, cancellationToken).ConfigureAwait(false))
                return null;
            await CopyAsync(slide).WaitAsync(patience, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return slide.Share;
        }
        finally
        {
            Return(slide);
        }
    }

    /// <summary>The whole slide as a small JPEG.</summary>
    public async Task<byte[]> ThumbnailAsync(string path, CancellationToken cancellationToken)
    {
        if (_thumbnails.TryGetValue(path, out var known))
            return known;
        var made = await WithAsync(
                path,
                (slide, _) => PictureFile.ToJpeg(HeatMapPicture.Thumbnail(slide, ThumbnailSide)),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (_thumbnails.Count < MostThumbnails)
            _thumbnails.TryAdd(path, made);
        return made;
    }

    /// <summary>The embeddings of a slide.</summary>
    /// <exception cref="InputException">The file is damaged, or lies outside the folder by now.</exception>
    public CompressedSlide Features(string path)
    {
        Lazy<CompressedSlide> slide;
        lock (_gate)
        {
            var node = _features.First;
            while (node is not null && !string.Equals(node.Value.Path, path, StringComparison.Ordinal))
                node = node.Next;
            if (node is null)
                node = new((path, new Lazy<CompressedSlide>(() => CompressedSlideFile.Read(folder.Checked(path)))));
            else
                _features.Remove(node);
            _features.AddFirst(node);
            if (_features.Count > MostFeatures)
                _features.RemoveLast();
            slide = node.Value.Slide;
        }

        return slide.Value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ended.Cancel();
        // one that is being made ends soon
        _copying.Wait(TimeSpan.FromSeconds(5));
        lock (_gate)
        {
            foreach (var (_, slide) in _open)
                slide.Close();
            _open.Clear();
        }

        if (_copies.IsValueCreated)
            _copies.Value.Dispose();
        _copying.Dispose();
        _working.Dispose();
        _ended.Dispose();
    }

    private async Task<T> WorkAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _working.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _working.Release();
        }
    }

    private async Task<bool> NeedsCopyAsync(OpenSlide slide, CancellationToken cancellationToken) =>
        !slide.IsCopied
        && PyramidCopy.Helps(
            slide.File.IsValueCreated
                ? slide.File.Value
                : await WorkAsync(() => slide.File.Value, cancellationToken).ConfigureAwait(false)
        );

    /// <summary>The making of a slide's copy; begun when it is first asked for, and when it failed before.</summary>
    private Task CopyAsync(OpenSlide slide)
    {
        lock (_gate)
        {
            if (slide.Copying is null or { IsFaulted: true })
                slide.Copying = CopyInTurnAsync(slide);
            return slide.Copying;
        }
    }

    /// <summary>Copies one slide at a time, unless nobody waits for it any more: pages that were left ask for no pictures.</summary>
    private async Task CopyInTurnAsync(OpenSlide slide)
    {
        await _copying.WaitAsync(_ended.Token).ConfigureAwait(false);
        try
        {
            lock (_gate)
            {
                if (slide.Users == 0)
                {
                    slide.Copying = null;
                    return;
                }

                slide.Users++;
            }

            try
            {
                await Task.Run(() => slide.Copy(_copies.Value.NewFile(), _ended.Token), _ended.Token)
                    .ConfigureAwait(false);
            }
            finally
            {
                Return(slide);
            }
        }
        finally
        {
            _copying.Release();
        }
    }

    private OpenSlide Take(string path)
    {
        lock (_gate)
        {
            var node = _open.First;
            while (node is not null && !string.Equals(node.Value.Path, path, StringComparison.Ordinal))
                node = node.Next;
            if (node is null)
                node = new((path, new OpenSlide(() => SlideReader.Open(folder.Checked(path)))));
            else
                _open.Remove(node);
            _open.AddFirst(node);
            node.Value.Slide.Users++;
            // one in use is left for its users to close
            while (_open.Count > MostOpen)
            {
                var last = _open.Last!.Value.Slide;
                _open.RemoveLast();
                last.IsOffShelf = true;
                if (last.Users == 0)
                    last.Close();
            }

            return node.Value.Slide;
        }
    }

    private void Return(OpenSlide slide)
    {
        lock (_gate)
        {
            slide.Users--;
            // what could not be opened is tried again when it is asked for again
            if (!slide.File.IsValueCreated)
                Forget(slide);
            if (slide.IsOffShelf && slide.Users == 0)
                slide.Close();
        }
    }

    private void Forget(OpenSlide slide)
    {
        for (var node = _open.First; node is not null; node = node.Next)
        {
            if (node.Value.Slide == slide)
            {
                _open.Remove(node);
                slide.IsOffShelf = true;
                return;
            }
        }
    }

    /// <summary>A slide with its users; what can be set from outside is guarded by the shelf's lock.</summary>
    private sealed class OpenSlide
    {
        private readonly Lazy<DeepZoomPyramid> _pyramid;
        private volatile Shown? _copy;
        private double _share;

        public OpenSlide(Func<ISlide> open)
        {
            File = new Lazy<ISlide>(open);
            _pyramid = new Lazy<DeepZoomPyramid>(() => new DeepZoomPyramid(File.Value));
        }

        /// <summary>Gets the slide as its own file gives it.</summary>
        public Lazy<ISlide> File { get; }

        /// <summary>Gets what its pixels are read from: its copy, where it has one.</summary>
        public ISlide Pixels => _copy?.Slide ?? File.Value;

        public DeepZoomPyramid Pyramid => _copy?.Pyramid ?? _pyramid.Value;

        public bool IsCopied => _copy is not null;

        /// <summary>Gets the share that is copied, from 0 to 1.</summary>
        public double Share => Volatile.Read(ref _share);

        public Task? Copying { get; set; }

        public int Users { get; set; }

        public bool IsOffShelf { get; set; }

        public void Copy(string path, CancellationToken cancellationToken)
        {
            Volatile.Write(ref _share, 0);
            PyramidCopy.Write(File.Value, path, share => Volatile.Write(ref _share, share), cancellationToken);
            var copy = SlideReader.Open(path);
            _copy = new Shown(copy, new DeepZoomPyramid(copy));
        }

        public void Close()
        {
            if (_copy is { } copy)
            {
                copy.Slide.Dispose();
                System.IO.File.Delete(copy.Slide.Path);
            }

            if (File.IsValueCreated)
                File.Value.Dispose();
        }

        private sealed record Shown(ISlide Slide, DeepZoomPyramid Pyramid);
    }
}
