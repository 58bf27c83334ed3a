using System.Globalization;

namespace FluentEventStore;

/// <summary>Events cannot be imported as they are.</summary>
/// <remarks>
/// Nothing was written of the transaction that the event belongs to; <see cref="Imported"/> counts the events of those before. A file is
/// first checked as a whole. Once the cause is mended, run the import again: it skips what is there.
/// </remarks>
public sealed class ImportException : FluentEventStoreException
{
    /// <param name="fault">What kind of fault it is.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="location">Where it is.</param>
    public ImportException(ImportFault fault, string reason, ImportLocation location)
        : this(fault, reason, location, imported: 0)
    {
    }

    /// <param name="fault">What kind of fault it is.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="location">Where it is.</param>
    /// <param name="imported">How many events were written before.</param>
    public ImportException(ImportFault fault, string reason, ImportLocation location, long imported)
        : base(Describe(reason, location))
    {
        Fault = fault;
        Reason = reason;
        Line = location.Line;
        Index = location.Index;
        TenantId = location.TenantId;
        StreamId = location.StreamId;
        Version = location.Version;
        Imported = imported;
    }

    /// <summary>What kind of fault it is.</summary>
    public ImportFault Fault { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }

    /// <summary>The line of the file: 1 is the first. 0 if there is no file.</summary>
    public long Line { get; }

    /// <summary>Which event of the import it is: 1 is the first. 0 if the fault is of no event.</summary>
    public long Index { get; }

    /// <summary>The tenant of the event's stream.</summary>
    public TenantId TenantId { get; }

    /// <summary>The event's stream; <see langword="default"/> if the fault is of no event.</summary>
    public StreamId StreamId { get; }

    /// <summary>The event's version; 0 if the fault is of no event.</summary>
    public long Version { get; }

    /// <summary>How many events the import had written before, in transactions that are committed.</summary>
    public long Imported { get; }

    /// <summary>The same error, after so many events were written.</summary>
    internal ImportException After(long imported) =>
        new(Fault, Reason, new ImportLocation(Index, Line, TenantId, StreamId, Version), imported);

    private static string Describe(string reason, ImportLocation at)
    {
        var line = at.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"Line {at.Line}: ") : "";
        var @event = at.Version > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Event {at.Index} of the import, version {at.Version} of stream '{at.StreamId}', cannot be imported: ")
            : "Nothing can be imported: ";
        return line + @event + reason;
    }
}
