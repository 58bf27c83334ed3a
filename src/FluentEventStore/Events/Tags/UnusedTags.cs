using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>
/// Removes the heads of tags that no event has. They come from decisions over tags that never had one, or were locked when the last event
/// of the tag was removed.
/// </summary>
internal sealed class UnusedTags(Database database, SqlIdentifier schema)
{
    private const int PageSize = 1_000;

    private readonly string _page = $"""
        select h.tenant, h.tag, not exists (select from {schema}.{EventTables.EventTags} t where t.tenant = h.tenant and t.tag = h.tag)
        from {schema}.{TagsSchema.TagHeads} h
        where (h.tenant, h.tag) > ($1, $2)
        order by h.tenant, h.tag
        limit {PageSize}
        """;

    private readonly string _forget = $"select {schema}.{TagFunctions.Forget}($1, $2)";

    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var (tenant, tag) = ("", "");
        while (await ReadPageAsync(tenant, tag, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (var unused in page.Where(static head => head.IsUnused).GroupBy(static head => head.Tenant, static head => head.Tag))
            {
                using var batch = new NpgsqlBatch();
                batch.Add(_forget).With(unused.Key, NpgsqlDbType.Text).With<string[]>([.. unused], NpgsqlDbType.Array | NpgsqlDbType.Text);
                await database.WriteAsync(batch, static _ => true, cancellationToken).ConfigureAwait(false);
            }

            (tenant, tag, _) = page[^1];
        }
    }

    private async Task<List<(string Tenant, string Tag, bool IsUnused)>> ReadPageAsync(
        string tenant, string tag, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(_page).With(tenant, NpgsqlDbType.Text).With(tag, NpgsqlDbType.Text);
        return await database
            .ReadAllAsync(batch, static row => (row.GetString(0), row.GetString(1), row.GetBoolean(2)), cancellationToken)
            .ConfigureAwait(false);
    }
}
