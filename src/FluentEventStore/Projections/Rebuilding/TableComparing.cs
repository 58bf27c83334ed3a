using FluentEventStore.Documents;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Projections;

/// <summary>Compares the tables of two builds.</summary>
internal sealed class TableComparing(Database database, SqlIdentifier schema)
{
    private const int MostSamples = 10;

    public async Task<ProjectionComparison> RunAsync(
        DerivedType serving, int servingSlot, DerivedType built, int builtSlot, CancellationToken cancellationToken)
    {
        using var batch = new NpgsqlBatch();
        batch.Add(Statement($"{schema}.{serving.Tables[servingSlot]}", $"{schema}.{built.Tables[builtSlot]}"));
        var samples = new List<ProjectionDifference>();
        var counts = new long[4];
        var rows = await database.ReadAsync(batch, cancellationToken).ConfigureAwait(false);
        await using (rows.ConfigureAwait(false))
        {
            while (await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (samples.Count == 0 && counts.All(static count => count == 0))
                {
                    for (var index = 0; index < counts.Length; index++)
                        counts[index] = rows.GetInt64(index);
                }

                if (!rows.IsDBNull(4))
                    samples.Add(new ProjectionDifference(
                        TenantId.Stored(rows.GetString(4)),
                        rows.GetString(5),
                        rows.IsDBNull(6) ? null : rows.GetString(6),
                        rows.IsDBNull(7) ? null : rows.GetString(7)));
            }
        }

        return new ProjectionComparison(counts[0], counts[1], counts[2], counts[3], samples);
    }

    /// <summary>What two types of documents of one projection come to.</summary>
    public static ProjectionComparison Sum(ProjectionComparison one, ProjectionComparison other) => new(
        one.Equal + other.Equal,
        one.OnlyServing + other.OnlyServing,
        one.OnlyBuilt + other.OnlyBuilt,
        one.Different + other.Different,
        [.. one.Samples.Concat(other.Samples).Take(MostSamples)]);

    private static string Statement(string serving, string built) => $"""
        with compared as materialized (
          select coalesce(s.tenant, b.tenant) as tenant, coalesce(s.id, b.id)::text as id,
                 s.id is not null as is_serving, b.id is not null as is_built,
                 s.data = b.data and s.version = b.version as is_equal, s.data::text as serving, b.data::text as built
          from (select * from {serving} where deleted_at is null) as s
          full join (select * from {built} where deleted_at is null) as b on b.tenant = s.tenant and b.id = s.id
        ), counted as (
          select pg_catalog.count(*) filter (where is_equal) as equal,
                 pg_catalog.count(*) filter (where not is_built) as only_serving,
                 pg_catalog.count(*) filter (where not is_serving) as only_built,
                 pg_catalog.count(*) filter (where is_serving and is_built and not is_equal) as different
          from compared
        )
        select n.equal, n.only_serving, n.only_built, n.different, d.tenant, d.id, d.serving, d.built
        from counted n
        left join lateral (
          select c.tenant, c.id, c.serving, c.built
          from compared c
          where c.is_equal is not true
          order by c.tenant, c.id
          limit {MostSamples}
        ) as d on true
        """;
}
