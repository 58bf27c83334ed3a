using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Lists the streams of a tenant.</summary>
internal sealed class StreamListReader(Database database, SqlIdentifier schema)
{
    private const int FirstParameter = 3;

    private static readonly ShapedConditions<Shape, StreamQuery> Conditions = new(
        new(
            static shape => shape.HasPrefix,
            "and s.id >= {0} and pg_catalog.starts_with(s.id, {0})",
            static (command, query) => command.WithText(query.Prefix)),
        new(static shape => shape.HasEnd, "and s.id < {0}", static (command, query) => command.WithText(EndOf(query.Prefix))),
        new(static shape => shape.HasSearch, "and strpos(s.id, {0}) > 0", static (command, query) => command.WithText(query.Search)),
        new(
            static shape => shape.HasAggregateType,
            "and s.aggregate_type = {0}",
            static (command, query) => command.WithText(query.AggregateType)));

    private readonly ShapedSql<Shape> _counts = new(shape => $"select pg_catalog.count(*) {From(schema, shape, out _)}");

    private readonly ShapedSql<Shape> _pages = new(shape => WritePage(schema, shape));

    /// <summary>Reads a page and counts all, in one round trip.</summary>
    public async Task<StreamPage> FetchAsync(TenantId tenantId, StreamQuery query, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        var shape = Shape.Of(query);
        AddConditions(batch.Add(_counts[shape]), tenantId, shape, query);
        AddConditions(batch.Add(_pages[shape]), tenantId, shape, query)
            .With(query.PageSize, NpgsqlDbType.Integer)
            .With((query.PageNumber - 1L) * query.PageSize, NpgsqlDbType.Bigint);
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
            var total = rows.GetInt64(0);
            await rows.NextResultAsync(cancellationToken).ConfigureAwait(false);
            var streams = new List<StreamState>();
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                streams.Add(StreamStateReader.Read(rows));

            return new StreamPage(streams, total, query.PageNumber, query.PageSize);
        }
    }

    private static NpgsqlBatchCommand AddConditions(NpgsqlBatchCommand command, TenantId tenantId, Shape shape, StreamQuery query)
    {
        command.With(tenantId.Value, NpgsqlDbType.Text).With(StatesOf(query), NpgsqlDbType.Array | NpgsqlDbType.Smallint);
        Conditions.AddParameters(command, shape, query);
        return command;
    }

    /// <summary>
    /// An upper bound for all ids with a prefix, for the index: the prefix up to its last ASCII character, raised by one. Ids are compared
    /// by their bytes, and ASCII is all that every encoding of a database has. So the condition for the prefix itself is needed too.
    /// </summary>
    /// <returns><see langword="null"/> if the prefix has no such character.</returns>
    private static string? EndOf(string? prefix)
    {
        var last = prefix is null ? -1 : prefix.AsSpan().LastIndexOfAnyInRange('\u0001', '\u007E');
        return last < 0 ? null : $"{prefix![..last]}{(char)(prefix[last] + 1)}";
    }

    private static short[] StatesOf(StreamQuery query) =>
    [
        .. query.IncludeActive ? [StreamStates.Active] : (ReadOnlySpan<short>)[],
        .. query.IncludeArchived ? [StreamStates.Archived] : (ReadOnlySpan<short>)[],
        .. query.IncludeDeleted ? [StreamStates.Deleted, StreamStates.Tombstoned] : (ReadOnlySpan<short>)[],
    ];

    private static string WritePage(SqlIdentifier schema, Shape shape)
    {
        var from = From(schema, shape, out var parameter);
        var direction = shape.Descending ? "desc" : "asc";
        var column = shape.SortBy switch
        {
            StreamSort.Version => "s.version",
            StreamSort.Created => "s.created_at",
            StreamSort.LastAppended => "s.appended_at",
            _ => "s.id",
        };
        return $"""
            select {StreamStateReader.Columns}
            {from}
            order by {column} {direction}, s.id {direction}
            limit ${parameter}
            offset ${parameter + 1}
            """;
    }

    private static string From(SqlIdentifier schema, Shape shape, out int parameter)
    {
        parameter = FirstParameter;
        return $"""
            from {schema}.{EventTables.Streams} s
            where s.tenant = $1
              and s.state = any ($2)
              and s.version > 0{Conditions.Write(shape, ref parameter)}
            """;
    }

    private readonly record struct Shape(
        bool HasPrefix, bool HasEnd, bool HasSearch, bool HasAggregateType, StreamSort SortBy, bool Descending)
    {
        public static Shape Of(StreamQuery query) =>
            new(
                query.Prefix is not null,
                EndOf(query.Prefix) is not null,
                query.Search is not null,
                query.AggregateType is not null,
                query.SortBy,
                query.Descending);
    }
}
