using System.Collections.Concurrent;

namespace Histonic.Cli;

/// <summary>The process's first thread, kept free for the command's work.</summary>
/// <remarks>
/// glibc gives blocks to this thread from the heap that <see cref="NativeMemory"/> sets up; any other thread gets them from an
/// arena whose pages are mapped and unmapped at every training step: batches of 256 trained at two thirds of the speed.
/// </remarks>
internal static class FirstThread
{
    private static readonly BlockingCollection<Task> _work = [];
    private static int _waits;

    /// <summary>Waits on the calling thread, which has to be the process's first, for work until the program is over.</summary>
    /// <param name="program">Everything else the program does, on other threads.</param>
    /// <returns>What the program returned.</returns>
    public static int Serve(Func<Task<int>> program)
    {
        Volatile.Write(ref _waits, 1);
        var all = Task.Run(program);
        _ = all.ContinueWith(_ => _work.CompleteAdding(), TaskScheduler.Default);
        foreach (var task in _work.GetConsumingEnumerable())
            task.RunSynchronously(TaskScheduler.Default);
        return all.GetAwaiter().GetResult();
    }

    /// <summary>Runs work on the first thread when that waits, else (in a step of another command, in tests) on one of the pool.</summary>
    public static Task<int> Run(Func<int> work)
    {
        if (Interlocked.Exchange(ref _waits, 0) == 0)
            return Task.Run(work);
        var task = new Task<int>(work);
        _work.Add(task);
        return task;
    }
}
