namespace FluentEventStore.Events;

/// <summary>A folding that may begin with a state that was kept. Whoever reads the stream fills in what it found.</summary>
/// <param name="aggregate">The stored name of the aggregate.</param>
/// <param name="shape">What the state must have been kept as.</param>
internal abstract class SnapshotFold(string aggregate, string shape)
{
    public string Aggregate { get; } = aggregate;

    public string Shape { get; } = shape;

    /// <summary>The number of the stream; 0 where it was not found, or its state cannot be kept.</summary>
    public long StreamKey { get; set; }

    /// <summary>How often the stream's past was changed when it was read.</summary>
    public int Rewritten { get; set; }

    /// <summary>The version up to which the kept state was folded; 0 where there is none.</summary>
    public long KeptVersion { get; set; }

    /// <summary>Begins with a kept state; <see langword="false"/> where its JSON does not fit.</summary>
    public abstract bool TryBegin(ReadOnlySpan<byte> json);
}
