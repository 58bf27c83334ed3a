namespace FluentEventStore.Events;

/// <summary>The facts of a stream on which a state folded from it rests.</summary>
/// <param name="Key">The number of the stream. A stream that is erased and begins anew gets another one. 0 if there is no stream.</param>
/// <param name="Version">Its version; 0 if there is no stream.</param>
/// <param name="Rewritten">How often its past was changed.</param>
/// <param name="IsHidden">Whether it is archived, deleted or tombstoned.</param>
/// <param name="IsLinked">Whether it has links to events of other streams, which can change without a change of this one.</param>
internal readonly record struct StreamHead(long Key, long Version, int Rewritten, bool IsHidden, bool IsLinked)
{
    /// <summary>Which state of the stream that is; <see langword="default"/> if it is not seen.</summary>
    public StoredVersion Seen => IsHidden ? default : new StoredVersion(Version, Key, Rewritten);
}
