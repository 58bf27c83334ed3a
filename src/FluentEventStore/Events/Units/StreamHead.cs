namespace FluentEventStore.Events;

/// <summary>What a state that was folded from a stream rests on.</summary>
/// <param name="Key">
/// The number of the stream, which tells its life: one that is erased and begins anew has another. 0 where there is no stream.
/// </param>
/// <param name="Version">The version that it is at; 0 where there is no stream.</param>
/// <param name="Rewritten">How often its past was changed.</param>
/// <param name="IsHidden">Whether it is archived, deleted or tombstoned.</param>
/// <param name="IsLinked">Whether it has links to events of other streams, which change without its doing.</param>
internal readonly record struct StreamHead(long Key, long Version, int Rewritten, bool IsHidden, bool IsLinked);
