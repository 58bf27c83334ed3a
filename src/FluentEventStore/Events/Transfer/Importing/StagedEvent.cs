namespace FluentEventStore.Events;

/// <summary>An event of a chunk, encoded.</summary>
/// <param name="Event">The event.</param>
/// <param name="Id">Its id.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Stream">Which stream of the chunk it belongs to; 1 is the first.</param>
/// <param name="Data">Its data as JSON.</param>
/// <param name="Headers">Its headers as JSON.</param>
internal readonly record struct StagedEvent(
    ImportedEvent Event, Guid Id, ImportSource Source, int Stream, ReadOnlyMemory<byte> Data, ReadOnlyMemory<byte>? Headers);
