using Histonic.Learning.Encoders;
using Histonic.Slides;
using Histonic.Slides.Cohorts;
using Histonic.Slides.Grids;
using Histonic.Slides.Reading;
using Histonic.Slides.Tiling;
using Histonic.Slides.Tissue;

namespace Histonic.Learning.Compression;

/// <summary>Turns slides into files of embeddings. Every thread decodes a batch and encodes it; rows go to their places in the file.</summary>
/// <remarks>
/// Memory depends on the batch and the threads, not on the slide: a few batches are on their way. Not for several threads at once.
/// </remarks>
public sealed class SlideCompressor
{
    /// <summary>The pixels of a mask from which on the memory of the search for tissue is given back at once.</summary>
    private const int LargeMask = 1_000_000;

    private readonly IPatchEncoder _encoder;
    private readonly CompressionOptions _options;
    private readonly RunProgress _monitor;
    private readonly TimeProvider _time;
    private readonly BatchEncoder _batches;

    /// <summary>Creates a compressor.</summary>
    /// <param name="encoder">The encoder; stays the caller's.</param>
    /// <param name="options">How slides are compressed.</param>
    /// <param name="monitor">Told how far it is.</param>
    /// <param name="time">Tells when a file is made.</param>
    /// <exception cref="OptionException">The options cannot work, or not with this encoder.</exception>
    public SlideCompressor(
        IPatchEncoder encoder,
        CompressionOptions options,
        IWorkMonitor? monitor = null,
        TimeProvider? time = null
    )
    {
        _encoder = encoder;
        _options = options.ValidatedFor(encoder.Info);
        _time = time ?? TimeProvider.System;
        _monitor = new RunProgress(monitor ?? SilentMonitor.Instance, _time);
        _batches = new BatchEncoder(encoder, options.BatchSize, options.Symmetries);
    }

    /// <summary>Compresses slides into a folder, each as NAME.h5. A slide that fails does not stop the others.</summary>
    /// <remarks>
    /// Any number of processes may do so at once with one folder: each slide is done by one of them, and each returns when all are
    /// done. Failures stand in failures.csv as soon as they happen. A folder that takes no more files ends the run.
    /// </remarks>
    /// <param name="slides">The slides.</param>
    /// <param name="folder">Where the files come to be. Whole files of the same slide, encoder and options are kept as they are.</param>
    /// <param name="shard">Which part of the slides is done; failures of a part stand in failures-I-of-N.csv.</param>
    /// <param name="cancellationToken">Stops it; finished files stay, no other does.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Task<CompressionSummary> CompressAllAsync(
        IReadOnlyList<SlideSource> slides,
        string folder,
        Shard shard,
        CancellationToken cancellationToken = default
    ) =>
        new CompressionRun(this, new OutputFolder(folder), new FailureTable(folder, shard), _monitor, _time).RunAsync(
            shard.Of(slides),
            cancellationToken
        );

    /// <summary>Compresses one slide.</summary>
    /// <param name="slide">The slide.</param>
    /// <param name="target">The .h5 file that comes to be, whole or not at all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The number of patches that were embedded.</returns>
    /// <exception cref="InputException">The slide cannot be read, does not fit, or the file cannot be written.</exception>
    public async Task<int> CompressAsync(
        SlideSource slide,
        string target,
        CancellationToken cancellationToken = default
    )
    {
        using var prepared = Prepare(slide, _ => { });
        return await CompressAsync(slide, prepared, target, _ => { }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets whether a slide may be prepared while another is encoded.</summary>
    internal bool PreparesAhead => _options.Threads > 1;

    /// <summary>Opens a slide, finds its tissue and lays out its patches. May be called while another slide is compressed.</summary>
    /// <param name="source">The slide.</param>
    /// <param name="enter">Told each stage (see <see cref="SlideFailure"/>) before it begins.</param>
    /// <exception cref="InputException">The slide cannot be read, or does not fit.</exception>
    internal PreparedSlide Prepare(SlideSource source, Action<string> enter)
    {
        var start = _time.GetTimestamp();
        enter("open");
        var fingerprint = SlideFingerprint.Of(source.Path);
        var slide = SlideReader.Open(source.Path, PixelSizeOf(source));
        try
        {
            _ = GridGeometry.For(slide, _options.Tiling); // before the longer search for tissue: it may not fit
            enter("tissue");
            var mask = TissueDetector.Detect(
                _options.OnDamage == DamagePolicy.Blank ? new BlankingSlide(slide) : slide,
                _options.Tissue
            );
            var plan = PatchPlan.For(slide, mask, _options.Tiling);
            // what the search leaves behind on a large slide would stay beside the buffers of decoding
            if (mask.Pixels.Count > LargeMask)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            return new PreparedSlide(slide, fingerprint, mask, plan, _time.GetElapsedTime(start));
        }
        catch
        {
            slide.Dispose();
            throw;
        }
    }

    /// <summary>Compresses a slide that was prepared, and tells each stage before it begins.</summary>
    internal async Task<int> CompressAsync(
        SlideSource source,
        PreparedSlide prepared,
        string target,
        Action<string> enter,
        CancellationToken cancellationToken
    )
    {
        var (name, start) = (SlideName.Of(source.Path), _time.GetTimestamp());
        var (slide, plan) = (prepared.Slide, prepared.Plan);
        foreach (var warning in prepared.Warnings)
            _monitor.Warn($"{name}: {warning}");
        enter("encode");
        var path = await EncodingPath
            .ChooseAsync(slide, plan, _options, _batches, cancellationToken)
            .ConfigureAwait(false);
        enter("write");
        using var writer = CompressedSlideFile.Create(target, Header(name, source, prepared, path));
        enter("encode");
        var blanks = await EncodeAsync(name, slide, plan, path, writer, cancellationToken).ConfigureAwait(false);
        enter("write");
        cancellationToken.ThrowIfCancellationRequested();
        if (!string.Equals(SlideFingerprint.Of(source.Path), prepared.Fingerprint, StringComparison.Ordinal))
        {
            throw new InputException(
                source.Path,
                "changed while it was read",
                "Run the same command again when the file is complete"
            );
        }

        writer.Commit();

        var seconds = Math.Max((prepared.Taken + _time.GetElapsedTime(start)).TotalSeconds, 1e-3);
        _monitor.Note(
            $"{name}: {plan.Cells.Count} of {plan.Geometry.Rows} × {plan.Geometry.Columns} patches hold tissue, {seconds:0.0} s"
        );
        if (blanks > 0)
            _monitor.Warn($"{name}: {blanks} of its patches could not be decoded and are blank");
        if (plan.Cells.Count == 0)
            _monitor.Warn($"{name}: no patch holds enough tissue; its file is empty");
        return plan.Cells.Count;
    }

    private async Task<int> EncodeAsync(
        string name,
        ISlide slide,
        PatchPlan plan,
        EncodingPath path,
        CompressedSlideWriter writer,
        CancellationToken cancellationToken
    )
    {
        var (total, done, blanks) = (plan.Cells.Count, 0, 0);
        var encoded = PatchFeed.ReadAsync(
            slide,
            plan,
            path.Source,
            _options.Feed,
            batch => _batches.Encode(batch, cancellationToken),
            cancellationToken
        );
        await foreach (var batch in encoded.ConfigureAwait(false))
        {
            using (batch)
            {
                writer.Write(batch.Places, batch.Embeddings, batch.EmbeddingsD4, batch.Blanks);
                (done, blanks) = (done + batch.Count, blanks + batch.Blanks.Count);
            }

            _monitor.Report(new WorkProgress($"compress {name}", done, total, "patches"));
        }

        return blanks;
    }

    private CompressedSlideHeader Header(string name, SlideSource source, PreparedSlide prepared, EncodingPath path) =>
        new()
        {
            Slide = name,
            Geometry = prepared.Plan.Geometry,
            Cells = prepared.Plan.Cells,
            Tissue = prepared.Plan.Tissue,
            Channels = _encoder.Info.Channels,
            Symmetries = _options.Symmetries,
            Precision = _options.Precision,
            Objective = prepared.Slide.Objective,
            Encoder = _encoder.Info.Name,
            EncoderSha256 = _encoder.Info.Sha256,
            SlideFingerprint = prepared.Fingerprint,
            TissueMethod = prepared.TissueMethod,
            Pixels = path.Source.Name,
            PathCosine = path.Cosine,
            MayHoldBlanks = _options.OnDamage == DamagePolicy.Blank,
            Options = _options.Describe(name, PixelSizeOf(source)),
            Created = _time.GetUtcNow(),
        };

    private Microns? PixelSizeOf(SlideSource slide) => slide.PixelSize ?? _options.PixelSizeOverride;

    /// <summary>Why a slide's file is not what would be made now; empty when there is none, null when it is.</summary>
    internal string? FindFault(SlideSource slide, string target)
    {
        if (!File.Exists(target))
            return "";
        try
        {
            var stamp = CompressedSlideFile.ReadStamp(target);
            if (!string.Equals(stamp.EncoderSha256, _encoder.Info.Sha256, StringComparison.Ordinal))
                return $"it was made with another encoder ({stamp.Encoder}, {Short(stamp.EncoderSha256)})";
            if (
                Differences(stamp.Options, _options.Describe(SlideName.Of(slide.Path), PixelSizeOf(slide))) is
                { Length: > 0 } changes
            )
                return $"it was made with other options ({changes})";
            // a slide that is no longer there cannot be another; earlier versions recorded no fingerprint
            return
                stamp.SlideFingerprint.Length > 0
                && File.Exists(slide.Path)
                && !string.Equals(stamp.SlideFingerprint, SlideFingerprint.Of(slide.Path), StringComparison.Ordinal)
                ? $"it was made from another file than {slide.Path} is now"
                : null;
        }
        catch (InputException error)
        {
            // the file of embeddings, or the mask that the slide is given now
            return $"{(string.Equals(error.Subject, target, StringComparison.Ordinal) ? "its file" : error.Subject)} {error.Finding}";
        }
    }

    private static string Short(string sha256) => sha256.Length > 8 ? $"{sha256[..8]}…" : "unknown";

    /// <summary>The settings that two recorded options do not share, as "stride=64 instead of stride=128".</summary>
    private static string Differences(string before, string now)
    {
        var (old, wanted) = (before.Split("; "), now.Split("; "));
        if (old.SequenceEqual(wanted, StringComparer.Ordinal))
            return "";
        return old.Length == wanted.Length
            ? string.Join(
                ", ",
                old.Zip(wanted)
                    .Where(pair => !string.Equals(pair.First, pair.Second, StringComparison.Ordinal))
                    .Select(pair => $"{pair.First} instead of {pair.Second}")
            )
            : "it does not tell which";
    }
}
