using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>The statements of a unit of work. Each calls a function in the database, with one array per column.</summary>
internal sealed class UnitStatements(SqlIdentifier schema)
{
    private const string CommitColumn = "commit";

    private static readonly ReadOnlyMemory<byte> NoClauses = "[]"u8.ToArray();

    private static readonly StatementParameter<EventUnit>[] OfAppend =
    [
        Of(static unit => unit.TenantId.Value, NpgsqlDbType.Text),
        OfStreams(static stream => stream.StreamId.Value, NpgsqlDbType.Text),
        OfStreams(static stream => stream.AggregateType, NpgsqlDbType.Text),
        OfStreams(static stream => stream.Expected.Code, NpgsqlDbType.Bigint),
        OfStreams(static stream => stream.Count, NpgsqlDbType.Integer),
        Of(static unit => unit.Origin.Timestamp, NpgsqlDbType.TimestampTz),
        Of(static unit => unit.Origin.CorrelationId, NpgsqlDbType.Text),
        Of(static unit => unit.Origin.CausationId, NpgsqlDbType.Text),
        Of(static unit => unit.Origin.UserName, NpgsqlDbType.Text),
        OfEvents(static @event => @event.Stream, NpgsqlDbType.Integer),
        OfEvents(static @event => @event.Offset, NpgsqlDbType.Integer),
        OfEvents(static @event => @event.Id, NpgsqlDbType.Uuid),
        OfEvents(static @event => @event.Type.Name, NpgsqlDbType.Text),
        OfEvents(static @event => @event.Type.Version, NpgsqlDbType.Integer),
        OfEvents(static @event => @event.Data, NpgsqlDbType.Jsonb),
        Of(
            static unit => unit.HasHeaders ? Array.ConvertAll(unit.Events, static @event => @event.Headers) : null,
            NpgsqlDbType.Array | NpgsqlDbType.Jsonb),
    ];

    private readonly FrequentStatement<EventUnit> _append = new(
        $"select {schema}.{AppendFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) as {CommitColumn}",
        OfAppend);

    private readonly FrequentStatement<EventUnit> _appendCaused = new(
        $"select {schema}.{AppendFunction.CausedName}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
            + $"$19) as {CommitColumn}",
        [
            .. OfAppend,
            OfCauses(static cause => cause.CorrelationId, static origin => origin.CorrelationId),
            OfCauses(static cause => cause.CausationId, static origin => origin.CausationId),
            OfCauses(static cause => cause.UserName, static origin => origin.UserName),
        ]);

    private readonly FrequentStatement<EventUnit> _appendOne = new(
        $"select {schema}.{AppendFunction.OneName}($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as {CommitColumn}",
        [
            Of(static unit => unit.TenantId.Value, NpgsqlDbType.Text),
            Of(static unit => unit.Streams[0].StreamId.Value, NpgsqlDbType.Text),
            Of(static unit => unit.Streams[0].AggregateType, NpgsqlDbType.Text),
            Of(static unit => unit.Streams[0].Expected.Code, NpgsqlDbType.Bigint),
            Of(static unit => unit.Origin.Timestamp, NpgsqlDbType.TimestampTz),
            Of(static unit => unit.Origin.CorrelationId, NpgsqlDbType.Text),
            Of(static unit => unit.Origin.CausationId, NpgsqlDbType.Text),
            Of(static unit => unit.Origin.UserName, NpgsqlDbType.Text),
            Of(static unit => unit.Events[0].Id, NpgsqlDbType.Uuid),
            Of(static unit => unit.Events[0].Type.Name, NpgsqlDbType.Text),
            Of(static unit => unit.Events[0].Type.Version, NpgsqlDbType.Integer),
            Of(static unit => unit.Events[0].Data, NpgsqlDbType.Jsonb),
            Of(static unit => unit.HasHeaders ? unit.Events[0].Headers : default(ReadOnlyMemory<byte>?), NpgsqlDbType.Jsonb),
        ]);

    private readonly string _enter = $"select {schema}.{TagFunctions.Enter}($1, $2, $3, $4)";
    private readonly string _tag = $"select {schema}.{TagFunctions.Tag}($1, $2, $3)";
    private readonly string _link = $"select {schema}.{LinkEventsFunction.Name}($1, $2, $3, $4)";
    private readonly string _change = $"select {schema}.{ChangeStreamsFunction.Name}($1, $2, $3, $4)";
    private readonly string _compact = $"select {schema}.{CompactStreamFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8)";
    private readonly string _dropUnborn = $"select {schema}.{DropUnbornFunction.Name}($1, $2)";
    private readonly string _begin = $"select {schema}.{UnitsSchema.BeginFunction}($1, $2)";
    private readonly string _close = $"select {schema}.{UnitsSchema.CloseFunction}($1, $2, $3, $4) as {CommitColumn}";
    private readonly string _lock = $"select {schema}.{LockStreamsFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    /// <summary>What changes which streams hold which values.</summary>
    public ReserveStatement Reserve { get; } = new(schema);

    /// <summary>Adds the statement that compares the keys of personal data. It comes first.</summary>
    public void AddKeyCheck(NpgsqlBatch batch, params ReadOnlySpan<EventUnit> units)
    {
        var used = default(List<UsedKeys>);
        foreach (var unit in units)
        {
            if (unit.Keys is { } keys)
                (used ??= []).Add(keys);
        }

        if (used is not null)
            UsedKeys.AddCheck(batch, schema, used);
    }

    /// <summary>
    /// For a unit that does more than append: adds the statement that locks the streams and makes all checks. It comes before the
    /// documents.
    /// </summary>
    /// <param name="batch">The batch of the unit.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="folded">What the inline snapshots of the unit were folded from.</param>
    public void AddLock(NpgsqlBatch batch, EventUnit unit, FoldedStreams folded) => batch.Add(_lock)
        .With(unit.TenantId.Value, NpgsqlDbType.Text)
        .With(Array.ConvertAll(unit.Streams, static stream => stream.StreamId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Array.ConvertAll(unit.Streams, static stream => stream.Expected.Code), NpgsqlDbType.Array | NpgsqlDbType.Bigint)
        .With(folded.Versions, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
        .With(folded.Keys, NpgsqlDbType.Array | NpgsqlDbType.Bigint)
        .With(folded.Rewritten, NpgsqlDbType.Array | NpgsqlDbType.Integer)
        .With(unit.MustBeActive, NpgsqlDbType.Array | NpgsqlDbType.Boolean)
        .With(unit.Origin.Timestamp, NpgsqlDbType.TimestampTz)
        .With(unit.EventIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    /// <summary>Adds the statement that appends. It comes last: positions are drawn as late as possible.</summary>
    public void AddAppend(NpgsqlBatch batch, EventUnit unit) => AppendOf(unit).AddTo(batch, unit);

    /// <summary>The statement that appends. Units with a single event, which are most, have their own.</summary>
    public FrequentStatement<EventUnit> AppendOf(EventUnit unit) => unit switch
    {
        { HasCauses: true } => _appendCaused,
        { Events.Length: 1, Streams.Length: 1 } => _appendOne,
        _ => _append,
    };

    /// <summary>Adds the statement that writes the links of the unit, after its events.</summary>
    public void AddLinks(NpgsqlBatch batch, EventUnit unit) => batch.Add(_link)
        .With(unit.TenantId.Value, NpgsqlDbType.Text)
        .With(unit.LinkingStreamIds, NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(unit.LinkedIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid)
        .With(unit.Origin.Timestamp, NpgsqlDbType.TimestampTz);

    /// <summary>
    /// Adds the statement that locks the tags that the unit writes or rests on, and checks what it rests on. It comes before all other
    /// locks.
    /// </summary>
    public void AddBoundaries(NpgsqlBatch batch, EventUnit unit)
    {
        var tags = new SortedSet<string>(unit.Tags.Select(static tag => tag.Tag), StringComparer.Ordinal);
        tags.UnionWith(unit.Changes.SelectMany(static change => change.Replacement?.Tags ?? []));
        tags.UnionWith(unit.Boundaries?.Tags ?? []);
        batch.Add(_enter)
            .With(unit.TenantId.Value, NpgsqlDbType.Text)
            .With<string[]>([.. tags], NpgsqlDbType.Array | NpgsqlDbType.Text)
            .With(unit.Boundaries?.Json ?? NoClauses, NpgsqlDbType.Jsonb)
            .With(unit.EventIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid);
    }

    /// <summary>Adds the statement that tags the events that the unit has appended.</summary>
    public void AddTags(NpgsqlBatch batch, EventUnit unit) => batch.Add(_tag)
        .With(unit.TenantId.Value, NpgsqlDbType.Text)
        .With(Array.ConvertAll(unit.Tags, static tag => tag.EventId), NpgsqlDbType.Array | NpgsqlDbType.Uuid)
        .With(Array.ConvertAll(unit.Tags, static tag => tag.Tag), NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>Adds the statement that does something to streams as a whole.</summary>
    public void AddChanges(NpgsqlBatch batch, TenantId tenantId, StreamChange[] changes) => batch.Add(_change)
        .With(tenantId.Value, NpgsqlDbType.Text)
        .With(Array.ConvertAll(changes, static change => change.Stream.StreamId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Array.ConvertAll(changes, static change => (short)change.Verb), NpgsqlDbType.Array | NpgsqlDbType.Smallint)
        .With(Array.ConvertAll(changes, static change => change.Version), NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    /// <summary>Adds the statement that replaces the first events of a stream by one.</summary>
    public void AddCompaction(NpgsqlBatch batch, TenantId tenantId, StreamChange change)
    {
        var replacement = change.Replacement!;
        batch.Add(_compact)
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(change.Stream.StreamId.Value, NpgsqlDbType.Text)
            .With(change.Version, NpgsqlDbType.Bigint)
            .With(replacement.Id, NpgsqlDbType.Uuid)
            .With(replacement.Type.Name, NpgsqlDbType.Text)
            .With(replacement.Type.Version, NpgsqlDbType.Integer)
            .With(replacement.Json, NpgsqlDbType.Jsonb)
            .With(replacement.Tags, NpgsqlDbType.Array | NpgsqlDbType.Text);
    }

    /// <summary>
    /// Adds the statement that removes the rows that locked streams which do not exist. It comes after everything that needs the lock.
    /// </summary>
    public void AddDropUnborn(NpgsqlBatch batch, EventUnit unit) => batch.Add(_dropUnborn)
        .With(unit.TenantId.Value, NpgsqlDbType.Text)
        .With(unit.Unborn, NpgsqlDbType.Array | NpgsqlDbType.Text);

    /// <summary>Adds the statement that claims the id of a unit. It comes first.</summary>
    public void AddBegin(NpgsqlBatch batch, Guid unitId, DateTimeOffset timestamp) => batch.Add(_begin)
        .With(unitId, NpgsqlDbType.Uuid)
        .With(timestamp, NpgsqlDbType.TimestampTz);

    /// <summary>Adds the statement that records what a unit did, and returns it as <see cref="AddAppend"/> does. It comes last.</summary>
    public void AddClose(NpgsqlBatch batch, Guid unitId, TenantId tenantId, EventUnit? unit) => batch.Add(_close)
        .With(unitId, NpgsqlDbType.Uuid)
        .With(tenantId.Value, NpgsqlDbType.Text)
        .With(Array.ConvertAll(unit?.Streams ?? [], static stream => stream.StreamId.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Array.ConvertAll(unit?.Streams ?? [], static stream => stream.Length), NpgsqlDbType.Array | NpgsqlDbType.Integer);

    /// <summary>
    /// Reads what <see cref="AddAppend"/> or <see cref="AddClose"/> returned; <see langword="null"/> if the row is of another statement.
    /// </summary>
    public static Commit? ReadCommit(NpgsqlDataReader row, EventUnit unit)
    {
        if (row.GetName(0) != CommitColumn)
            return null;

        using var columns = new ColumnReader(row);
        var numbers = columns.ReadNumbers(0);
        return unit.CommitAt(numbers[0], numbers.AsSpan(1));
    }

    private static StatementParameter<EventUnit> Of<T>(Func<EventUnit, T> value, NpgsqlDbType type) =>
        StatementParameter<EventUnit>.Of(value, type);

    private static StatementParameter<EventUnit> OfStreams<T>(Converter<UnitStream, T> value, NpgsqlDbType type) =>
        Of(unit => Array.ConvertAll(unit.Streams, value), NpgsqlDbType.Array | type);

    private static StatementParameter<EventUnit> OfCauses(Func<EventCause, string?> own, Func<UnitOrigin, string?> ofAll) => Of(
        unit => Array.ConvertAll(unit.Events, @event => @event.Cause is { } cause ? own(cause) : ofAll(unit.Origin)),
        NpgsqlDbType.Array | NpgsqlDbType.Text);

    private static StatementParameter<EventUnit> OfEvents<T>(Converter<UnitEvent, T> value, NpgsqlDbType type) =>
        Of(unit => Array.ConvertAll(unit.Events, value), NpgsqlDbType.Array | type);
}
