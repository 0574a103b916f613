using BenchmarkDotNet.Running;
using Histonic.Benchmarks;

if (args is ["slide", .. var rest])
    return SlideMaker.Run(rest);
if (args is ["encode", .. var encode])
    return EncoderRate.Run(encode);
if (args is ["encode-own", .. var own])
    return EncoderRate.RunOwn(own);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
