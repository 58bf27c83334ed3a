using System.Runtime.CompilerServices;
using FluentEventStore.Events;

namespace FluentEventStore;

/// <summary>Moves many events into a store and out of it.</summary>
public sealed class EventTransfer
{
    private readonly EventImporter _importer;

    internal EventTransfer(EventImporter importer) => _importer = importer;

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
    /// <param name="options">How to import. Default: <see cref="ImportOptions"/> as it is.</param>
    /// <param name="progress">Told after each transaction.</param>
    /// <param name="cancellationToken">Ends the import; chunks that are committed stay.</param>
    /// <exception cref="ImportException">An event cannot be imported. The chunks before are committed.</exception>
    /// <exception cref="EventSerializationException">An event has no JSON that the database can keep. The chunks before are committed.</exception>
    public async Task<ImportReport> ImportAsync(
        IAsyncEnumerable<ImportedEvent> events,
        ImportOptions? options = null,
        IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        var totals = await _importer.ImportAsync(Numbered(events, cancellationToken), options ?? new ImportOptions(), progress, cancellationToken)
            .ConfigureAwait(false);
        return totals.Report(sha256: null);
    }

    private static async IAsyncEnumerable<(ImportedEvent Event, ImportSource Source)> Numbered(
        IAsyncEnumerable<ImportedEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var index = 0L;
        await foreach (var @event in events.WithCancellation(cancellationToken).ConfigureAwait(false))
            yield return (@event ?? throw new ArgumentException("An event is null.", nameof(events)), new ImportSource(++index, Line: 0));
    }
}
