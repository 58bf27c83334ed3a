using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>The events of one transaction of an import, encoded, and their streams.</summary>
internal sealed class ImportChunk(SqlIdentifier schema, ImportedEventIds ids, INaturalKeys naturalKeys, int? maxBytesOfEvent) : IDisposable
{
    private readonly JsonWriter _payloads = new();
    private readonly Dictionary<(TenantId, StreamId), ImportedStream> _ordinals = [];
    private readonly List<ImportedStream> _streams = [];
    private readonly HashSet<Guid> _ids = [];
    private readonly SortedDictionary<string, List<(Guid EventId, string Tag)>> _tags = new(StringComparer.Ordinal);
    private readonly List<(int Index, EventDraft Draft)> _drafts = [];
    private readonly List<UsedKeys> _keys = [];
    private readonly ImportedKeys _naturalKeys = new(naturalKeys);
    private ImportedStream? _last;

    public List<StagedEvent> Events { get; } = [];

    /// <summary>How many of them are links.</summary>
    public int Links { get; private set; }

    /// <summary>Whether streams that were there before may lose snapshots by it.</summary>
    public bool ChangesStreams => Links > 0 || _streams.Exists(static stream => stream.TruncatedBefore > 1);

    /// <summary>The size of the payloads in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// The subjects that are forgotten here and whose personal data the events held in plain text: nobody can read it any more.
    /// </summary>
    public HashSet<(TenantId TenantId, SubjectId Subject)> Forgotten { get; } = [];

    /// <summary>Takes a further event.</summary>
    /// <exception cref="ImportException">It does not fit those before, or its JSON cannot be kept.</exception>
    /// <exception cref="EventSerializationException">It has no JSON that the database can keep.</exception>
    public void Add(ImportedEvent @event, ImportSource source)
    {
        var stream = Find(@event, source);
        if (@event.IsLink)
        {
            Links++;
            Events.Add(new StagedEvent(@event, @event.Id, source, stream.Ordinal, default, null));
            return;
        }

        var id = ids.IdOf(@event);
        if (!_ids.Add(id))
            throw source.Refuse(ImportFault.RepeatedId, $"an earlier event has its id {id} too.", @event);

        // Personal data waits for its keys; the event itself is done.
        var draft = ImportEncoder.Draft(@event, source);
        var data = draft is null ? ImportEncoder.Encode(@event, _payloads) : default;
        ImportRefusals.CheckSize(@event, source, data.Span, maxBytesOfEvent);
        if (draft is not null)
            _drafts.Add((Events.Count, draft));

        ReadOnlyMemory<byte>? headers = null;
        if (@event.Headers is { Count: > 0 })
        {
            EventHeaders.Write(_payloads.Begin(), @event.Headers);
            headers = _payloads.Piece;
        }

        Bytes += data.Length + (draft?.Length ?? 0) + (headers?.Length ?? 0);
        Events.Add(new StagedEvent(@event, id, source, stream.Ordinal, data, headers));
        foreach (var tag in @event.AllTags())
        {
            if (!_tags.TryGetValue(@event.TenantId.Value, out var ofTenant))
                _tags.Add(@event.TenantId.Value, ofTenant = []);

            ofTenant.Add((id, tag.ToString()));
        }
    }

    /// <summary>
    /// Makes the chunk ready to be sent, when it has all its events. Encrypts personal data, and does so again if the keys were lost. Keys
    /// are fetched together, and missing ones created.
    /// </summary>
    public async Task SealAsync(SubjectKeyCache cache, CancellationToken cancellationToken)
    {
        _keys.Clear();
        foreach (var ofTenant in _drafts.GroupBy(draft => Events[draft.Index].Event.TenantId))
        {
            var keys = new SealingKeys(ofTenant.Key, NoKeys.Instance);
            for (var missing = Seal(ofTenant, keys); missing.Count > 0; missing = Seal(ofTenant, keys))
                keys.Add(await cache.CreateAsync(ofTenant.Key, missing, cancellationToken).ConfigureAwait(false));

            if (cache.IsOfTheStore)
                _keys.Add(keys.Used);
        }

        _naturalKeys.Find(Events);
    }

    /// <summary>The event that is to set a natural key which another stream has.</summary>
    public StagedEvent SetterOf(string name, string value, string streamId) => _naturalKeys.CulpritOf(Events, name, value, streamId);

    /// <summary>The first event of the stream with an ordinal, by which the database names it in a refusal.</summary>
    public StagedEvent FirstOf(int streamOrdinal) => Events.First(@event => @event.Stream == streamOrdinal);

    /// <summary>
    /// Adds the statements that move the events from the staging table into the store and tag those that were not there. Tags are locked
    /// before streams, as everywhere, so that events of one tag become visible in the order of their positions.
    /// </summary>
    public void AddImport(NpgsqlBatch batch)
    {
        UsedKeys.AddCheck(batch, schema, _keys);
        foreach (var (tenant, tags) in _tags)
        {
            batch.Add($"select {schema}.{TagFunctions.Enter}($1, $2, '[]', '{{}}')")
                .With(tenant, NpgsqlDbType.Text)
                .With<string[]>(
                    [.. tags.Select(static tag => tag.Tag).Distinct().Order(StringComparer.Ordinal)],
                    NpgsqlDbType.Array | NpgsqlDbType.Text);
        }

        AddEvents(batch);
        foreach (var (tenant, tags) in _tags)
        {
            batch.Add($"select {schema}.{TagImportedFunction.Name}($1, $2, $3)")
                .With(tenant, NpgsqlDbType.Text)
                .With<Guid[]>([.. tags.Select(static tag => tag.EventId)], NpgsqlDbType.Array | NpgsqlDbType.Uuid)
                .With<string[]>([.. tags.Select(static tag => tag.Tag)], NpgsqlDbType.Array | NpgsqlDbType.Text);
        }
    }

    private void AddEvents(NpgsqlBatch batch) => _naturalKeys.AddTo(batch
        .Add($"select {schema}.{ImportFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as {ImportFunction.Result}")
        .With(Events.Count, NpgsqlDbType.Integer)
        .With(Column(static stream => stream.TenantId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Column(static stream => stream.StreamId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Column(static stream => stream.AggregateType), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Column(static stream => stream.FirstVersion), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
        .With(Column(static stream => stream.LastVersion), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
        .With(Column(static stream => stream.TruncatedBefore), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
        .With(Column(static stream => stream.Created.ToColumn()), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
        .With(Column(static stream => stream.Appended.ToColumn()), NpgsqlDbType.Array | NpgsqlDbType.TimestampTz)
        .With(Column(static stream => stream.IsDeleted), NpgsqlDbType.Array | NpgsqlDbType.Boolean));

    /// <summary>Writes the events into the staging table.</summary>
    public async Task CopyAsync(NpgsqlBinaryImporter importer, CancellationToken cancellationToken)
    {
        for (var index = 0; index < Events.Count; index++)
        {
            var staged = Events[index];
            var @event = staged.Event;
            await importer.StartRowAsync(cancellationToken).ConfigureAwait(false);
            await importer.WriteAsync(index + 1, NpgsqlDbType.Integer, cancellationToken).ConfigureAwait(false);
            await importer.WriteAsync(staged.Stream, NpgsqlDbType.Integer, cancellationToken).ConfigureAwait(false);
            await importer.WriteAsync(@event.Version, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
            await importer.WriteAsync(staged.Id, NpgsqlDbType.Uuid, cancellationToken).ConfigureAwait(false);
            await WriteTextAsync(importer, @event.IsLink ? null : @event.TypeName, cancellationToken).ConfigureAwait(false);
            await importer.WriteAsync(@event.TypeVersion, NpgsqlDbType.Integer, cancellationToken).ConfigureAwait(false);
            await importer.WriteAsync(@event.Timestamp.ToColumn(), NpgsqlDbType.TimestampTz, cancellationToken).ConfigureAwait(false);
            await WriteJsonAsync(importer, @event.IsLink ? default(ReadOnlyMemory<byte>?) : staged.Data, cancellationToken).ConfigureAwait(
                false);
            await WriteTextAsync(importer, @event.CorrelationId, cancellationToken).ConfigureAwait(false);
            await WriteTextAsync(importer, @event.CausationId, cancellationToken).ConfigureAwait(false);
            await WriteTextAsync(importer, @event.UserName, cancellationToken).ConfigureAwait(false);
            await WriteJsonAsync(importer, staged.Headers, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _payloads.Dispose();

    private static Task WriteTextAsync(NpgsqlBinaryImporter importer, string? text, CancellationToken cancellationToken) => text is null
        ? importer.WriteNullAsync(cancellationToken)
        : importer.WriteAsync(text, NpgsqlDbType.Text, cancellationToken);

    private static Task WriteJsonAsync(NpgsqlBinaryImporter importer, ReadOnlyMemory<byte>? json, CancellationToken cancellationToken) =>
        json is { } bytes
        ? importer.WriteAsync(bytes, NpgsqlDbType.Jsonb, cancellationToken)
        : importer.WriteNullAsync(cancellationToken);

    private HashSet<SubjectId> Seal(IGrouping<TenantId, (int Index, EventDraft Draft)> drafts, SealingKeys keys)
    {
        var missing = new HashSet<SubjectId>();
        foreach (var (index, draft) in drafts)
        {
            var sealing = new Sealing(drafts.Key, Events[index].Id, keys) { TakesForgotten = true };
            var data = draft.Seal(sealing);
            ImportRefusals.CheckSize(Events[index].Event, Events[index].Source, data, maxBytesOfEvent);
            Events[index] = Events[index] with { Data = data };
            missing.UnionWith(sealing.Missing);
            Forgotten.UnionWith(sealing.OfForgotten.Select(subject => (drafts.Key, subject)));
        }

        return missing;
    }

    private T[] Column<T>(Func<ImportedStream, T> value)
    {
        var column = new T[_streams.Count];
        for (var index = 0; index < column.Length; index++)
            column[index] = value(_streams[index]);

        return column;
    }

    private ImportedStream Find(ImportedEvent @event, ImportSource source)
    {
        // Events of one stream often come in a row.
        if (_last is null || _last.StreamId != @event.StreamId || _last.TenantId != @event.TenantId)
        {
            if (!_ordinals.TryGetValue((@event.TenantId, @event.StreamId), out _last))
            {
                _last = new ImportedStream(@event, _streams.Count + 1);
                _streams.Add(_last);
                _ordinals.Add((@event.TenantId, @event.StreamId), _last);
                return _last;
            }
        }

        if (@event.Version != _last.LastVersion + 1)
            throw ImportRefusals.Misplaced(@event, source, _last.LastVersion);

        _last.Extend(@event);
        return _last;
    }
}
