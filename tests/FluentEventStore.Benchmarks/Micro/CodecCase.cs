namespace FluentEventStore.Benchmarks.Micro;

/// <summary>One event, written and read by either.</summary>
internal abstract class CodecCase : IDisposable
{
    public abstract int WriteOurs();

    public abstract int WriteTheirs();

    public abstract object? ReadOurs();

    public abstract object? ReadTheirs();

    public abstract void Dispose();
}
