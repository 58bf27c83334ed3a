using FluentEventStore.Postgres;
using FluentEventStore.Schema;

namespace FluentEventStore.Events;

/// <summary>What the functions that append have in common.</summary>
internal static class AppendSql
{
    /// <summary>Fails the transaction because a stream is not active, or else not at the expected version.</summary>
    public static string RefuseStream(SqlIdentifier schema, string stream, string actual, string state) => $"""
        perform {schema}.{RefuseFunction.Name}(
          case when {state} = 0 then '{SqlStates.StreamVersionConflict}' else '{SqlStates.StreamNotActive}' end,
          {RefusalData(stream, actual, state)});
        """;

    /// <summary>Fails the transaction if a stream is missing.</summary>
    public static string RefuseMissing(SqlIdentifier schema, string row, string stream) => $"""
        if {IsMissing(row)} then
          perform {schema}.{RefuseFunction.Name}('{SqlStates.StreamMissing}', jsonb_build_object('stream', {stream}));
        end if;
        """;

    /// <summary>Whether a row is only there to lock a stream to which nothing was ever appended.</summary>
    public static string IsMissing(string row) => $"{row}.version = 0 and {row}.state = {StreamStates.Active}";

    /// <summary>The data of a refusal because of a stream.</summary>
    public static string RefusalData(string stream, string actual, string state) =>
        $"jsonb_build_object('stream', {stream}, 'actual', {actual}, 'state', {state})";

    public const string EmptyObject = "{}";

    /// <summary>
    /// Whether an id of an array is in the store. Probes the index once for each id: the plan is kept while the table grows, and a plan for
    /// all ids at once that was made for a small table would always read all of it.
    /// </summary>
    public static string KnownIds(SqlIdentifier schema, string ids = "p_ids") =>
        $"exists (select from unnest({ids}) as u (id) where {IsKnown(schema)})";

    /// <summary>Whether <c>u.id</c> is in the store.</summary>
    public static string IsKnown(SqlIdentifier schema) => $"(select true from {schema}.{EventTables.Events} e where e.id = u.id limit 1)";

    /// <summary>
    /// Whether the version of the stream of the row <c>u</c> is not the expected one (<see cref="ExpectedVersion"/>'s codes).
    /// </summary>
    public static string IsRefused(string expected, string actual) =>
        $"(({expected} >= 0 and {expected} <> {actual}) or ({expected} = -1 and {actual} = 0))";
}
