using Histonic.Cli;

NativeThreads.SleepWhenIdle();

using var terminal = new Terminal(Console.Out, Console.Error, !Console.IsErrorRedirected);
return await CommandLine.InvokeAsync(args, terminal);
