namespace FluentEventStore.Events;

/// <summary>A folding that may begin with a snapshot. Whoever reads the stream fills in what was found.</summary>
/// <param name="aggregate">The stored name of the aggregate.</param>
/// <param name="shape">The shape that the snapshot must have.</param>
internal abstract class SnapshotFold(string aggregate, string shape)
{
    public string Aggregate { get; } = aggregate;

    public string Shape { get; } = shape;

    /// <summary>The number of the stream; 0 if it was not found, or no snapshot of it can be kept.</summary>
    public long StreamKey { get; set; }

    /// <summary>How often the stream's past had been changed when it was read.</summary>
    public int Rewritten { get; set; }

    /// <summary>The version up to which the snapshot was folded; 0 if there is none.</summary>
    public long KeptVersion { get; set; }

    /// <summary>Begins with a snapshot; <see langword="false"/> if its JSON does not fit.</summary>
    public abstract bool TryBegin(ReadOnlySpan<byte> json);
}
