using System.Collections.Frozen;

namespace FluentEventStore;

/// <summary>What a saved unit of work wrote. Saving a unit again returns its first commit.</summary>
public sealed class Commit
{
    /// <summary>A commit, for tests of an application that replace the store.</summary>
    /// <param name="position">The position of the last event written; 0 if there was none.</param>
    /// <param name="streams">The streams that events were appended to. They are copied.</param>
    public Commit(long position, IReadOnlyDictionary<StreamId, StreamCommit> streams)
        : this(streams is null ? throw new ArgumentNullException(nameof(streams)) : streams.ToFrozenDictionary(), position, null)
    {
    }

    private Commit(IReadOnlyDictionary<StreamId, StreamCommit> streams, long position, TenantId? tenantId) =>
        (Streams, Position, TenantId) = (streams, position, tenantId);

    /// <summary>The commit of a unit of work without events.</summary>
    internal static Commit WithoutEvents { get; } = new(FrozenDictionary<StreamId, StreamCommit>.Empty, 0, null);

    /// <summary>The position of the last event written; 0 if there was none.</summary>
    public long Position { get; }

    /// <summary>The streams that events were appended to.</summary>
    public IReadOnlyDictionary<StreamId, StreamCommit> Streams { get; }

    /// <summary>The tenant of the streams; <see langword="null"/> if the unit had no events, or the commit is one of a test.</summary>
    public TenantId? TenantId { get; }

    /// <summary>A commit of streams that nobody changes any more.</summary>
    internal static Commit Of(long position, TenantId tenantId, IReadOnlyDictionary<StreamId, StreamCommit> streams) =>
        new(streams, position, tenantId);
}
