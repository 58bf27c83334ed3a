namespace FluentEventStore;

/// <summary>Moves many events into a store and out of it.</summary>
public interface IEventTransfer
{
    /// <summary>
    /// Imports events of another source in the order given, with their ids, versions, timestamps and metadata; positions are new. It is
    /// many times faster than appending them in sessions.
    /// </summary>
    /// <remarks>
    /// Each chunk is a transaction. Events that are there already, with the same id, stream, version and type, are skipped: an interrupted
    /// import can be run again. Others may append meanwhile. Inline snapshots are not written; they catch up when their stream is next
    /// fetched for writing or appended to.
    /// </remarks>
    /// <param name="events">The events. Those of one stream come in the order of their versions; streams may be mixed.</param>
    /// <param name="cancellationToken">Ends the import; committed chunks stay.</param>
    /// <exception cref="ArgumentException">The database is that of one tenant, and the options name another.</exception>
    /// <exception cref="InvalidOperationException">
    /// The store keeps projections inline that are no snapshots, which would lack what is imported.
    /// </exception>
    /// <exception cref="ImportException">An event cannot be imported. The chunks before are committed.</exception>
    /// <exception cref="EventSerializationException">
    /// An event has no JSON that the database can keep. The chunks before are committed.
    /// </exception>
    Task<ImportReport> ImportAsync(IAsyncEnumerable<ImportedEvent> events, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ImportAsync(IAsyncEnumerable{ImportedEvent}, CancellationToken)"/>
    /// <param name="events">The events. Those of one stream come in the order of their versions; streams may be mixed.</param>
    /// <param name="options">How to import.</param>
    /// <param name="cancellationToken">Ends the import; committed chunks stay.</param>
    Task<ImportReport> ImportAsync(
        IAsyncEnumerable<ImportedEvent> events, ImportOptions options, CancellationToken cancellationToken = default);

    /// <summary>Imports what <see cref="ExportAsync(Stream, CancellationToken)"/> wrote, into the same or another store.</summary>
    /// <remarks>
    /// The whole file is first read and compared with the store. If it is cut off, changed, or does not fit, nothing is imported. Only
    /// appends to the same streams meanwhile can make the import fail halfway. Then, and after an interruption, run it again: events that
    /// are there, or that are truncated in the store, are skipped. Streams are truncated as they were in the exported store; they are
    /// archived and deleted last of all. A link whose event is not in the store leads nowhere. The check keeps the id of each event and the
    /// version of each stream in memory, about 50 bytes an event.
    /// </remarks>
    /// <param name="input">The file, read from its current position. A stream that cannot seek is copied to a temporary file first.</param>
    /// <param name="cancellationToken">Ends the import; committed chunks stay.</param>
    /// <exception cref="ArgumentException">The database is that of one tenant, and the options name another.</exception>
    /// <exception cref="InvalidOperationException">
    /// The store keeps projections inline that are no snapshots, which would lack what is imported.
    /// </exception>
    /// <exception cref="ImportException">The file cannot be imported. The exception names the line.</exception>
    Task<ImportReport> ImportAsync(Stream input, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ImportAsync(Stream, CancellationToken)"/>
    /// <param name="input">The file, read from its current position. A stream that cannot seek is copied to a temporary file first.</param>
    /// <param name="options">How to import.</param>
    /// <param name="cancellationToken">Ends the import; committed chunks stay.</param>
    Task<ImportReport> ImportAsync(Stream input, ImportOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes events as lines of JSON, in the order of their positions, as far as the log is settled. After a first line come one line for
    /// each event, with all that is known of it, and one for each link. The last line has the number of the events and a hash.
    /// </summary>
    /// <remarks>
    /// Archived, deleted and truncated streams are exported with that state and with all events and links that are still recorded. Streams
    /// without any are left out.
    /// </remarks>
    /// <param name="output">Where to write. The stream is flushed and stays open.</param>
    /// <param name="cancellationToken">Ends the export. What was written lacks the last line, and no import accepts it.</param>
    /// <exception cref="ArgumentException">
    /// The options name both a stream and a prefix; or the database is that of one tenant, and they name another.
    /// </exception>
    /// <exception cref="OrderingNotGuaranteedException">As when reading the log.</exception>
    Task<ExportReport> ExportAsync(Stream output, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ExportAsync(Stream, CancellationToken)"/>
    /// <param name="output">Where to write. The stream is flushed and stays open.</param>
    /// <param name="options">Which events.</param>
    /// <param name="cancellationToken">Ends the export. What was written lacks the last line, and no import accepts it.</param>
    Task<ExportReport> ExportAsync(Stream output, ExportOptions options, CancellationToken cancellationToken = default);
}
