using BenchmarkDotNet.Running;
using Histonic.Benchmarks;

if (args is ["slide", .. var rest])
    return SlideMaker.Run(rest);
if (args is ["encode", .. var encode])
    return EncoderRate.Run(encode);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
