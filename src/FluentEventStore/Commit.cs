using System.Collections.Frozen;

namespace FluentEventStore;

/// <summary>What a saved unit of work wrote. Saving a unit again returns its first commit.</summary>
public sealed class Commit
{
    internal Commit(long position, IReadOnlyDictionary<StreamId, StreamCommit> streams)
    {
        Position = position;
        Streams = streams;
    }

    /// <summary>The commit of a unit of work without events.</summary>
    internal static Commit WithoutEvents { get; } = new(0, FrozenDictionary<StreamId, StreamCommit>.Empty);

    /// <summary>The position of the last event written; 0 if there was none.</summary>
    public long Position { get; }

    /// <summary>The streams that events were appended to.</summary>
    public IReadOnlyDictionary<StreamId, StreamCommit> Streams { get; }
}
