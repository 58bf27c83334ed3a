using System.Runtime.CompilerServices;
using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Reads the events of all streams in the order of their positions, never beyond the settled position.</summary>
internal sealed class LogReader(Database database, SqlIdentifier schema, OrderingChecks ordering, PersonalData personalData)
{
    private const int PageSize = 1000;

    private readonly string _settled = $"select {schema}.settled_position()";
    private readonly string _forwards = ReadSql(schema, "", "asc");
    private readonly string _backwards = ReadSql(schema, "", "desc");
    private readonly string _forwardsOfTypes = ReadSql(schema, "and e.type = any ($5)", "asc");
    private readonly string _backwardsOfTypes = ReadSql(schema, "and e.type = any ($5)", "desc");

    // What was found in order once stays so: it is set when the schema is made, and changed by people only.
    private volatile bool _isVerified;

    public async IAsyncEnumerable<IEvent> ReadAsync(
        TenantId tenantId, LogRange range, EventFilter? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!_isVerified)
        {
            await ordering.VerifyAsync(cancellationToken).ConfigureAwait(false);
            _isVerified = true;
        }

        range = range with { To = Math.Min(range.To, await SettledPositionAsync(cancellationToken).ConfigureAwait(false)) };
        while (range.MaxCount > 0)
        {
            var page = await FetchPageAsync(tenantId, range, filter, cancellationToken).ConfigureAwait(false);
            foreach (var @event in page)
                yield return @event;

            if (page.Count < PageSize)
                yield break;

            range = range.Beyond(page[^1].Position, page.Count);
        }
    }

    /// <summary>The position up to which everything is decided: what is not visible there now will never be.</summary>
    private async Task<long> SettledPositionAsync(CancellationToken cancellationToken)
    {
        // A statement and a transaction of its own: what is read after it sees all that it calls settled.
        var batch = new NpgsqlBatch();
        await using (batch.ConfigureAwait(false))
        {
            batch.Add(_settled);
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                await rows.ReadAsync(cancellationToken).ConfigureAwait(false);
                return rows.GetInt64(0);
            }
        }
    }

    private async Task<List<IEvent>> FetchPageAsync(
        TenantId tenantId, LogRange range, EventFilter? filter, CancellationToken cancellationToken)
    {
        var events = new List<IEvent>();
        var batch = CreateBatch(tenantId, range, filter);
        await using (batch.ConfigureAwait(false))
        {
            var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
            await using (rows.ConfigureAwait(false))
            {
                using var reader = new EventRowReader(rows, tenantId, default, personalData);
                while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
                    events.Add(reader.Read());
            }
        }

        await personalData.OpenAsync([events], tenantId, cancellationToken).ConfigureAwait(false);
        return events;
    }

    private NpgsqlBatch CreateBatch(TenantId tenantId, LogRange range, EventFilter? filter)
    {
        var ofTypes = filter is { TypeNames.Count: > 0 };
        var batch = new NpgsqlBatch();
        var command = batch.Add((range.IsBackwards, ofTypes) switch
        {
            (false, false) => _forwards,
            (true, false) => _backwards,
            (false, true) => _forwardsOfTypes,
            (true, true) => _backwardsOfTypes,
        });
        command
            .With(tenantId.Value, NpgsqlDbType.Text)
            .With(range.After, NpgsqlDbType.Bigint)
            .With(range.To, NpgsqlDbType.Bigint)
            .With(Math.Min(PageSize, range.MaxCount), NpgsqlDbType.Integer);
        if (ofTypes)
            command.With(filter!.TypeNames.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);

        return batch;
    }

    // Lateral with an offset, so that the log drives: a plan that begins with the streams reads the log once for each of them.
    private static string ReadSql(SqlIdentifier schema, string condition, string direction) => $"""
        select {EventRowReader.ColumnsWith("s.id")}
        from {schema}.events e
        cross join lateral (
          select s.id
          from {schema}.streams s
          where s.key = e.stream
            and s.tenant = $1
          offset 0
        ) as s
        where e.position > $2
          and e.position <= $3
          {condition}
        order by e.position {direction}
        limit $4
        """;
}
