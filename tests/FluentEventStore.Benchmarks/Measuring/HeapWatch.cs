namespace FluentEventStore.Benchmarks.Measuring;

/// <summary>Looks again and again how large the heap was after the last collection.</summary>
internal sealed class HeapWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly long _before = Now();
    private readonly Timer _timer;
    private long _most;

    public HeapWatch() => _timer = new Timer(_ => _most = Math.Max(_most, Now()), null, Interval, Interval);

    /// <summary>By how many bytes it was larger than at the beginning, at most.</summary>
    public long Growth => Math.Max(0, Math.Max(_most, Now()) - _before);

    public void Dispose() => _timer.Dispose();

    private static long Now() => GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;
}
