using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Histonic.Slides;
using Histonic.Slides.Reading.OpenSlide;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace Histonic.Cli.Diagnostics;

/// <summary>What Histonic leans on, each checked by using it.</summary>
internal static class MachineChecks
{
    private const long Gibi = 1L << 30;

    /// <summary>Gets every check by its name, in the order they are shown.</summary>
    public static IReadOnlyList<(string Name, Func<CheckResult> Check)> All { get; } =
    [
        ("histonic", Version),
        ("system", System),
        ("processor", Processor),
        ("memory", Memory),
        ("disk", () => Disk(Environment.CurrentDirectory)),
        ("vips", Vips),
        ("onnxruntime", OnnxRuntime),
        ("libtorch", Libtorch),
        ("gpu", Gpu),
        ("openslide", OpenSlide),
    ];

    /// <summary>Runs a check; what it throws is its finding.</summary>
    public static CheckResult Run(Func<CheckResult> check)
    {
        try
        {
            return check();
        }
        catch (Exception error)
        {
            var cause = error.GetBaseException();
            return CheckResult.Fail(
                $"does not work: {cause.Message.Split('\n')[0]}",
                "Build again (dotnet build -c Release); if it stays, report this line with your system's name"
            );
        }
    }

    private static CheckResult Version() =>
        CheckResult.Pass($"{ProductVersion.Current} on {RuntimeInformation.FrameworkDescription}");

    private static CheckResult System() =>
        CheckResult.Pass($"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");

    private static CheckResult Processor()
    {
        var vectors =
            Avx512F.IsSupported ? "AVX-512"
            : Avx2.IsSupported ? "AVX2"
            : RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "Neon"
            : "no AVX2";
        var finding = $"{Environment.ProcessorCount} threads, {vectors}";
        return string.Equals(vectors, "no AVX2", StringComparison.Ordinal)
            ? CheckResult.Warn(finding, "Expect several times slower encoding than on a processor with AVX2")
            : CheckResult.Pass(finding);
    }

    private static CheckResult Memory()
    {
        var bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var finding = $"{bytes / (double)Gibi:0.#} GiB for this process";
        return bytes < 4 * Gibi
            ? CheckResult.Warn(finding, "Take smaller batches (--batch 16) and crops; 4 GiB or more are comfortable")
            : CheckResult.Pass(finding);
    }

    private static CheckResult Disk(string folder)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var finding = $"{free / (double)Gibi:0.#} GiB free at {folder}";
        return free < 2 * Gibi
            ? CheckResult.Warn(finding, "The standard demo needs about 2 GiB; give --out on another disk")
            : CheckResult.Pass(finding);
    }

    private static CheckResult Vips()
    {
        using var black = NetVips.Image.Black(2, 2);
        var version = $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}";
        return CheckResult.Pass($"libvips {version}, reads TIFF, SVS, PNG and JPEG");
    }

    private static CheckResult OnnxRuntime() =>
        CheckResult.Pass(
            $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}"
        );

    private static CheckResult Libtorch()
    {
        using var scope = torch.NewDisposeScope();
        return torch.ones(2, 2).mm(torch.ones(2, 2)).sum().item<float>() == 8
            ? CheckResult.Pass($"libtorch {torch.__version__}")
            : CheckResult.Fail("computes wrong sums", "Build again (dotnet build -c Release)");
    }

    private static CheckResult Gpu() =>
        torch.cuda.is_available()
            ? CheckResult.Pass($"{torch.cuda.device_count()} CUDA device(s); use them with --device cuda")
            : CheckResult.Pass("none; everything runs on the processor");

    private static CheckResult OpenSlide() =>
        OpenSlideLibrary.Fault is { } fault ? CheckResult.Fail(fault, OpenSlideLibrary.FaultRemedy)
        : OpenSlideLibrary.Version is { } version
            ? CheckResult.Pass($"OpenSlide {version}: MRXS, NDPI, SCN, BIF and JPEG 2000 slides are read by it")
        : CheckResult.Pass(
            $"not installed; TIFF, SVS, PNG and JPEG need it not, MRXS, NDPI, SCN, BIF and JPEG 2000 do. {OpenSlideLibrary.InstallHint}"
        );
}
