using System.Collections.Concurrent;
using Histonic.Reports.HeatMaps;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;

namespace Histonic.Reports.Viewing;

/// <summary>The slides and embeddings that are open: those used last stay so.</summary>
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

    /// <summary>Does work with an open slide, no more at a time than there are processors.</summary>
    /// <exception cref="Histonic.Slides.InputException">The slide cannot be read, or lies outside the folder by now.</exception>
    public async Task<T> WithAsync<T>(
        string path,
        Func<ISlide, DeepZoomPyramid, T> work,
        CancellationToken cancellationToken
    )
    {
        await _working.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(
                    () =>
                    {
                        var slide = Take(path);
                        try
                        {
                            return work(slide.Opened.Value.Slide, slide.Opened.Value.Pyramid);
                        }
                        finally
                        {
                            Return(slide);
                        }
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        finally
        {
            _working.Release();
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
    /// <exception cref="Histonic.Slides.InputException">The file is damaged, or lies outside the folder by now.</exception>
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
        lock (_gate)
        {
            foreach (var (_, slide) in _open)
                slide.Close();
            _open.Clear();
        }

        _working.Dispose();
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
            if (!slide.Opened.IsValueCreated)
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

    /// <summary>A slide with its users; the fields are guarded by the shelf's lock.</summary>
    private sealed class OpenSlide(Func<ISlide> open)
    {
        public Lazy<(ISlide Slide, DeepZoomPyramid Pyramid)> Opened { get; } =
            new(() =>
            {
                var slide = open();
                return (slide, new DeepZoomPyramid(slide));
            });

        public int Users { get; set; }

        public bool IsOffShelf { get; set; }

        public void Close()
        {
            if (Opened.IsValueCreated)
                Opened.Value.Slide.Dispose();
        }
    }
}
