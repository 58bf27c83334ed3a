using System.Globalization;
using FluentEventStore.Postgres;

namespace FluentEventStore.Documents;

/// <summary>Where sessions read documents that are derived from events.</summary>
internal static class DerivedSql
{
    private const string Columns = "tenant, id, data, version, created_at, deleted_at";

    /// <summary>
    /// The rows of the version that a process declares, of whichever of its tables serves; as long as the version has not been built, those
    /// of the one that serves. One statement chooses and reads: no reader sees two versions, or none.
    /// </summary>
    public static string Source(SqlIdentifier schema, DerivedType derived)
    {
        // Before a daemon has entered anything, there is nothing but what units of work wrote.
        var known = $"from {schema}.{ProjectionTables.Projections} p where p.name = '{derived.Projection}'";
        var state = $"{known} and p.version = {derived.Version.ToString(CultureInfo.InvariantCulture)}";
        var isNew = $"not exists (select {known})";
        return $"""
            (
              select {Columns}
              from {schema}.{derived.Tables[0]}
              where coalesce((select p.ready and p.slot = 0 {state}), {isNew})
              union all
              select {Columns}
              from {schema}.{derived.Tables[1]}
              where (select p.ready and p.slot = 1 {state})
              union all
              select {Columns}
              from {schema}.{derived.Type.Table}
              where not coalesce((select p.ready {state}), {isNew})
            )
            """;
    }
}
