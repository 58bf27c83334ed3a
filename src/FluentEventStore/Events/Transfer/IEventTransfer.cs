namespace FluentEventStore;

/// <summary>Moves many events into a store and out of it.</summary>
public interface IEventTransfer
{
    /// <summary>
    /// Imports events of another source, many times faster than sessions append them: in the order given, with their ids, versions,
    /// timestamps and metadata. Positions are new.
    /// </summary>
    /// <remarks>
    /// Each chunk is a transaction. Events that are there already, with the same id, stream, version and type, are skipped, so an import
    /// that was interrupted can be run again. Others may append meanwhile. Inline snapshots are not written: they catch up when their
    /// stream is next fetched for writing or appended to.
    /// </remarks>
    /// <param name="events">The events. Those of one stream come in the order of their versions; streams may be mixed.</param>
    /// <param name="cancellationToken">Ends the import; chunks that are committed stay.</param>
    /// <exception cref="ArgumentException">It is the database of one tenant, and the options name another.</exception>
    /// <exception cref="ImportException">An event cannot be imported. The chunks before are committed.</exception>
    /// <exception cref="EventSerializationException">
    /// An event has no JSON that the database can keep. The chunks before are committed.
    /// </exception>
    Task<ImportReport> ImportAsync(IAsyncEnumerable<ImportedEvent> events, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ImportAsync(IAsyncEnumerable{ImportedEvent}, CancellationToken)"/>
    /// <param name="events">The events. Those of one stream come in the order of their versions; streams may be mixed.</param>
    /// <param name="options">How to import.</param>
    /// <param name="cancellationToken">Ends the import; chunks that are committed stay.</param>
    Task<ImportReport> ImportAsync(
        IAsyncEnumerable<ImportedEvent> events, ImportOptions options, CancellationToken cancellationToken = default);

    /// <summary>Imports what <see cref="ExportAsync(Stream, CancellationToken)"/> wrote, into the same or another store.</summary>
    /// <remarks>
    /// The whole file is read and held against the store first, so nothing of a file that is cut off, changed, or does not fit is imported.
    /// Only who appends to the same streams meanwhile can make it fail halfway; then, and after an interruption, it can be run again: what
    /// is there, or below the first version that is still read of its stream, is skipped. Streams are truncated as they were where they
    /// come from; they are archived and deleted last of all. A link whose event is not in the store leads nowhere. The check keeps the id
    /// of each event and the version of each stream in memory, about 50 bytes an event.
    /// </remarks>
    /// <param name="input">The file, read from where it stands. One that cannot seek is copied to a temporary file first.</param>
    /// <param name="cancellationToken">Ends the import; chunks that are committed stay.</param>
    /// <exception cref="ArgumentException">It is the database of one tenant, and the options name another.</exception>
    /// <exception cref="ImportException">The file cannot be imported. It names the line.</exception>
    Task<ImportReport> ImportAsync(Stream input, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ImportAsync(Stream, CancellationToken)"/>
    /// <param name="input">The file, read from where it stands. One that cannot seek is copied to a temporary file first.</param>
    /// <param name="options">How to import.</param>
    /// <param name="cancellationToken">Ends the import; chunks that are committed stay.</param>
    Task<ImportReport> ImportAsync(Stream input, ImportOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes events as lines of JSON, in the order of their positions and as far as the log is settled: a first line, a line for each
    /// event with all that is known of it and for each link, a last line with the number of the events and a hash.
    /// </summary>
    /// <remarks>
    /// Streams that are archived, deleted or truncated are exported with that state and with all events and links that are still recorded;
    /// streams without any are not.
    /// </remarks>
    /// <param name="output">Where to write. It is flushed and stays open.</param>
    /// <param name="cancellationToken">Ends the export; what was written lacks its last line, and no import accepts it.</param>
    /// <exception cref="ArgumentException">
    /// Both a stream and a prefix are asked for; or it is the database of one tenant, and the options name another.
    /// </exception>
    /// <exception cref="OrderingNotGuaranteedException">As with reading all streams.</exception>
    Task<ExportReport> ExportAsync(Stream output, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ExportAsync(Stream, CancellationToken)"/>
    /// <param name="output">Where to write. It is flushed and stays open.</param>
    /// <param name="options">Which events.</param>
    /// <param name="cancellationToken">Ends the export; what was written lacks its last line, and no import accepts it.</param>
    Task<ExportReport> ExportAsync(Stream output, ExportOptions options, CancellationToken cancellationToken = default);
}
