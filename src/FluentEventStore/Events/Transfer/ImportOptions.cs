namespace FluentEventStore;

/// <summary>How events are imported.</summary>
public sealed class ImportOptions
{
    private const int MaxChunkSize = 100_000;

    /// <summary>How many events are written in one transaction. While it commits, readers of all streams wait for it.</summary>
    /// <value>1 to 100,000. Default: 10,000. A chunk of large events ends earlier, at 32 MB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int ChunkSize
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxChunkSize);
            field = value;
        }
    } = 10_000;
}
