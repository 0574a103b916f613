using Histonic.Cli;

NativeEnvironment.Prepare();

using var terminal = new Terminal(Console.Out, Console.Error, !Console.IsErrorRedirected);
return FirstThread.Serve(() => CommandLine.InvokeAsync(args, terminal));
