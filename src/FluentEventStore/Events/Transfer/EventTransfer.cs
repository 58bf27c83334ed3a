using System.Runtime.CompilerServices;
using FluentEventStore.Events;
using FluentEventStore.Postgres;

namespace FluentEventStore;

/// <summary>Moves many events into a store and out of it.</summary>
public sealed class EventTransfer
{
    private readonly EventImporter _importer;
    private readonly FileCheck _check;
    private readonly EventExporter _exporter;
    private readonly TenantId? _tenantId;

    /// <param name="database">The database.</param>
    /// <param name="schema">The schema of the store in it.</param>
    /// <param name="ordering">Mends a sequence that lags behind.</param>
    /// <param name="settler">Says how far the log may be exported.</param>
    /// <param name="keys">The keys of personal data.</param>
    /// <param name="time">The clock that stamps exports.</param>
    /// <param name="bounds">How large pages are.</param>
    /// <param name="tenantId">The tenant whose database it is; <see langword="null"/> where all tenants share it.</param>
    /// <param name="maxBytesOfEvent">How many bytes the JSON of an event may have; <see langword="null"/> for any number.</param>
    internal EventTransfer(
        Database database, SqlIdentifier schema, OrderingChecks ordering, Settler settler, SubjectKeyCache keys, TimeProvider time, PageBounds bounds, TenantId? tenantId,
        int? maxBytesOfEvent)
    {
        _tenantId = tenantId;
        _importer = new EventImporter(database, schema, ordering, settler, keys, maxBytesOfEvent);
        _check = new FileCheck(database, schema, keys, maxBytesOfEvent);
        _exporter = new EventExporter(database, schema, settler, keys, time, bounds);
    }

    /// <summary>
    /// Imports events of another source, many times faster than sessions append them: in the order given, with their ids, versions, timestamps and metadata.
    /// Positions are new.
    /// </summary>
    /// <remarks>
    /// Each chunk is a transaction. Events that are there already, with the same id, stream, version and type, are skipped, so an import that was
    /// interrupted can be run again. Others may append meanwhile. Inline snapshots are not written: they catch up when their stream is next fetched for
    /// writing or appended to.
    /// </remarks>
    /// <param name="events">The events. Those of one stream come in the order of their versions; streams may be mixed.</param>
    /// <param name="cancellationToken">Ends the import; chunks that are committed stay.</param>
    /// <exception cref="ArgumentException">It is the database of one tenant, and the options name another.</exception>
    /// <exception cref="ImportException">An event cannot be imported. The chunks before are committed.</exception>
    /// <exception cref="EventSerializationException">An event has no JSON that the database can keep. The chunks before are committed.</exception>
    public Task<ImportReport> ImportAsync(IAsyncEnumerable<ImportedEvent> events, CancellationToken cancellationToken = default) =>
        ImportAsync(events, new ImportOptions(), cancellationToken);

    /// <inheritdoc cref="ImportAsync(IAsyncEnumerable{ImportedEvent}, CancellationToken)"/>
    /// <param name="events">The events. Those of one stream come in the order of their versions; streams may be mixed.</param>
    /// <param name="options">How to import.</param>
    /// <param name="cancellationToken">Ends the import; chunks that are committed stay.</param>
    public async Task<ImportReport> ImportAsync(IAsyncEnumerable<ImportedEvent> events, ImportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy();
        var totals = await _importer
            .ImportAsync(Numbered(events, TenantOf(options.TenantId, nameof(options)), cancellationToken), options.ChunkSize, options.Progress, cancellationToken)
            .ConfigureAwait(false);
        return totals.Report(sha256: null);
    }

    /// <summary>Imports what <see cref="ExportAsync(Stream, CancellationToken)"/> wrote, into the same or another store.</summary>
    /// <remarks>
    /// The whole file is read and held against the store first, so nothing of a file that is cut off, changed, or does not fit is imported. Only who
    /// appends to the same streams meanwhile can make it fail halfway; then, and after an interruption, it can be run again: what is there, or below the first
    /// version that is still read of its stream, is skipped.
    /// Streams are truncated as they were where they come from; they are archived and deleted last of all. A link whose event is not in the store leads nowhere.
    /// The check keeps the id of each event and the version of each stream in memory, about 50 bytes an event.
    /// </remarks>
    /// <param name="input">The file, read from where it stands. One that cannot seek is copied to a temporary file first.</param>
    /// <param name="cancellationToken">Ends the import; chunks that are committed stay.</param>
    /// <exception cref="ArgumentException">It is the database of one tenant, and the options name another.</exception>
    /// <exception cref="ImportException">The file cannot be imported. It names the line.</exception>
    public Task<ImportReport> ImportAsync(Stream input, CancellationToken cancellationToken = default) => ImportAsync(input, new ImportOptions(), cancellationToken);

    /// <inheritdoc cref="ImportAsync(Stream, CancellationToken)"/>
    /// <param name="input">The file, read from where it stands. One that cannot seek is copied to a temporary file first.</param>
    /// <param name="options">How to import.</param>
    /// <param name="cancellationToken">Ends the import; chunks that are committed stay.</param>
    public async Task<ImportReport> ImportAsync(Stream input, ImportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy();
        var tenantId = TenantOf(options.TenantId, nameof(options));
        if (input.CanSeek)
            return await ImportFileAsync(input, tenantId, options, cancellationToken).ConfigureAwait(false);

        var copy = new FileStream(Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        await using (copy.ConfigureAwait(false))
        {
            await input.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            copy.Position = 0;
            return await ImportFileAsync(copy, tenantId, options, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Writes events as lines of JSON, in the order of their positions and as far as the log is settled: a first line, a line for each event with all
    /// that is known of it and for each link, a last line with the number of the events and a hash.
    /// </summary>
    /// <remarks>
    /// Streams that are archived, deleted or truncated are exported with that state and with all events and links that are still recorded; streams without any
    /// are not.
    /// </remarks>
    /// <param name="output">Where to write. It is flushed and stays open.</param>
    /// <param name="cancellationToken">Ends the export; what was written lacks its last line, and no import accepts it.</param>
    /// <exception cref="ArgumentException">Both a stream and a prefix are asked for; or it is the database of one tenant, and the options name another.</exception>
    /// <exception cref="OrderingNotGuaranteedException">As with reading all streams.</exception>
    public Task<ExportReport> ExportAsync(Stream output, CancellationToken cancellationToken = default) => ExportAsync(output, new ExportOptions(), cancellationToken);

    /// <inheritdoc cref="ExportAsync(Stream, CancellationToken)"/>
    /// <param name="output">Where to write. It is flushed and stays open.</param>
    /// <param name="options">Which events.</param>
    /// <param name="cancellationToken">Ends the export; what was written lacks its last line, and no import accepts it.</param>
    public Task<ExportReport> ExportAsync(Stream output, ExportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        if (options is { StreamPrefix: not null, StreamId.IsDefault: false })
            throw new ArgumentException("Either a stream is exported, or those with a prefix.", nameof(options));

        return _exporter.ExportAsync(output, options.CopyFor(TenantOf(options.TenantId, nameof(options))), cancellationToken);
    }

    // In the database of one tenant no session would find what is another's.
    private TenantId? TenantOf(TenantId? asked, string parameter) => _tenantId is { } own && asked is { } other && other != own
        ? throw new ArgumentException($"The database of tenant '{own}' has events of no other; the options ask for those of '{other}'.", parameter)
        : asked ?? _tenantId;

    private async Task<ImportReport> ImportFileAsync(Stream file, TenantId? tenantId, ImportOptions options, CancellationToken cancellationToken)
    {
        var start = file.Position;
        var subjects = await _check.CheckAsync(new EventFile(file, tenantId), cancellationToken).ConfigureAwait(false);
        await subjects.ApplyAsync(options.MissingKeys, cancellationToken).ConfigureAwait(false);
        file.Position = start;
        var events = new EventFile(file, tenantId);
        var totals = await _importer.ImportAsync(events.ReadAsync(cancellationToken), options.ChunkSize, options.Progress, cancellationToken).ConfigureAwait(false);
        totals.Forgotten.UnionWith(subjects.Forgotten);
        return totals.Report(events.Sha256) with { SubjectsWithoutKey = subjects.Without };
    }

    private static async IAsyncEnumerable<ImportItem> Numbered(
        IAsyncEnumerable<ImportedEvent> events, TenantId? tenantId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var index = 0L;
        await foreach (var @event in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var source = new ImportSource(++index, Line: 0);
            if (@event is null)
                throw new ArgumentException("An event is null.", nameof(events));

            yield return tenantId is { } only && @event.TenantId != only
                ? throw ImportRefusals.OtherTenant(@event.TenantId, source, only, @event)
                : new ImportItem(@event, null, source);
        }
    }
}
