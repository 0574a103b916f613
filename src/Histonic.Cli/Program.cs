using Histonic.Cli;

// Large tensors would otherwise be mapped and unmapped at every training step (docs/adr/0004): glibc reads these settings
// only at start-up, so the native allocator is told before libtorch is loaded.
NativeMemory.KeepLargeBlocks();
NativeThreads.SleepWhenIdle();

using var terminal = new Terminal(Console.Out, Console.Error, !Console.IsErrorRedirected);
return await CommandLine.InvokeAsync(args, terminal);
