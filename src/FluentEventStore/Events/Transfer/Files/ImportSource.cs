namespace FluentEventStore.Events;

/// <summary>Where an event that is being imported comes from, for errors.</summary>
/// <param name="Index">Which event it is: 1 is the first. 0 if the fault is not in an event.</param>
/// <param name="Line">Which line of the file it is: 1 is the first. 0 if there is no file.</param>
internal readonly record struct ImportSource(long Index, long Line)
{
    public ImportException Refuse(ImportFault fault, string reason, ImportedEvent @event) =>
        new(fault, reason, new ImportLocation(Index, Line, @event.TenantId, @event.StreamId, @event.Version));

    public ImportException Refuse(ImportFault fault, string reason) =>
        new(fault, reason, new ImportLocation(Index, Line, default, default, 0));
}
