using System.Runtime.CompilerServices;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore;

/// <inheritdoc cref="IEventTransfer"/>
internal sealed class EventTransfer : IEventTransfer
{
    private readonly EventImporter _importer;
    private readonly FileCheck _check;
    private readonly EventExporter _exporter;
    private readonly TenantId? _tenantId;
    private readonly IReadOnlyList<string> _inline;

    /// <param name="database">The database.</param>
    /// <param name="schema">The schema of the store in it.</param>
    /// <param name="ordering">Mends a sequence that lags behind.</param>
    /// <param name="settler">Says how far the log may be exported.</param>
    /// <param name="keys">The keys of personal data.</param>
    /// <param name="naturalKeys">The natural keys of aggregates.</param>
    /// <param name="time">The clock that stamps exports.</param>
    /// <param name="bounds">How large pages are.</param>
    /// <param name="tenantId">The tenant whose database it is; <see langword="null"/> if all tenants share it.</param>
    /// <param name="maxBytesOfEvent">How many bytes the JSON of an event may have; <see langword="null"/> for any number.</param>
    /// <param name="inline">The projections that units of work keep, which would never learn of what is imported.</param>
    /// <param name="holdSnapshots">Keeps daemons from writing snapshots while streams change.</param>
    internal EventTransfer(
        Database database,
        SqlIdentifier schema,
        OrderingChecks ordering,
        Settler settler,
        SubjectKeyCache keys,
        INaturalKeys naturalKeys,
        TimeProvider time,
        PageBounds bounds,
        TenantId? tenantId,
        int? maxBytesOfEvent,
        IReadOnlyList<string> inline,
        Action<NpgsqlBatch> holdSnapshots)
    {
        (_tenantId, _inline) = (tenantId, inline);
        _importer = new EventImporter(database, schema, ordering, settler, keys, naturalKeys, maxBytesOfEvent, holdSnapshots);
        _check = new FileCheck(database, schema, keys, maxBytesOfEvent);
        _exporter = new EventExporter(database, schema, settler, keys, time, bounds);
    }

    public Task<ImportReport> ImportAsync(IAsyncEnumerable<ImportedEvent> events, CancellationToken cancellationToken = default) =>
        ImportAsync(events, new ImportOptions(), cancellationToken);

    public async Task<ImportReport> ImportAsync(
        IAsyncEnumerable<ImportedEvent> events, ImportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(options);
        CheckInline();
        options = options.Copy();
        var totals = await _importer
            .ImportAsync(
                Numbered(events, TenantOf(options.TenantId, nameof(options)), cancellationToken),
                options.ChunkSize,
                options.Progress,
                cancellationToken)
            .ConfigureAwait(false);
        return totals.Report(sha256: null);
    }

    public Task<ImportReport> ImportAsync(Stream input, CancellationToken cancellationToken = default) =>
        ImportAsync(input, new ImportOptions(), cancellationToken);

    public async Task<ImportReport> ImportAsync(Stream input, ImportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        CheckInline();
        options = options.Copy();
        var tenantId = TenantOf(options.TenantId, nameof(options));
        if (input.CanSeek)
            return await ImportFileAsync(input, tenantId, options, cancellationToken).ConfigureAwait(false);

        var copy = new FileStream(
            Path.GetTempFileName(), FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        await using (copy.ConfigureAwait(false))
        {
            await input.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            copy.Position = 0;
            return await ImportFileAsync(copy, tenantId, options, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<ExportReport> ExportAsync(Stream output, CancellationToken cancellationToken = default) =>
        ExportAsync(output, new ExportOptions(), cancellationToken);

    public Task<ExportReport> ExportAsync(Stream output, ExportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(options);
        if (options is { StreamPrefix: not null, StreamId.IsDefault: false })
            throw new ArgumentException("Export either one stream or the streams with a prefix, not both.", nameof(options));

        return _exporter.ExportAsync(output, options.CopyFor(TenantOf(options.TenantId, nameof(options))), cancellationToken);
    }

    private void CheckInline()
    {
        if (_inline.Count > 0)
            throw new InvalidOperationException(
                $"The projections {string.Join(", ", _inline.Select(static name => $"'{name}'"))} are kept by units of work, and an import "
                    + "is none: they would lack what is imported. Let a daemon keep them.");
    }

    // In the database of one tenant, no session would find the events of another.
    private TenantId? TenantOf(TenantId? asked, string parameter) => _tenantId is { } own && asked is { } other && other != own
        ? throw new ArgumentException(
            $"The database of tenant '{own}' has only events of that tenant; the options ask for those of '{other}'.", parameter)
        : asked ?? _tenantId;

    private async Task<ImportReport> ImportFileAsync(
        Stream file, TenantId? tenantId, ImportOptions options, CancellationToken cancellationToken)
    {
        var start = file.Position;
        var subjects = await _check.CheckAsync(new EventFile(file, tenantId), cancellationToken).ConfigureAwait(false);
        await subjects.ApplyAsync(options.MissingKeys, cancellationToken).ConfigureAwait(false);
        file.Position = start;
        var events = new EventFile(file, tenantId);
        var totals = await _importer.ImportAsync(
            events.ReadAsync(cancellationToken), options.ChunkSize, options.Progress, cancellationToken).ConfigureAwait(false);
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
