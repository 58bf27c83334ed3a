using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>The statement of a unit that changes which streams hold which values.</summary>
internal sealed class ReserveStatement(SqlIdentifier schema)
{
    private readonly string _reserve = $"select {schema}.{ReserveFunction.Name}($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    /// <summary>
    /// Whether a unit needs it: it reserves or releases something itself, or ends or shows again a stream that may hold something.
    /// </summary>
    public static bool IsNeededBy(EventUnit unit) =>
        unit.Reservations.Length > 0 || Array.Exists(unit.Changes, static change => Frees(change) || Restores(change));

    /// <summary>Adds the statement. It comes after the locks of the streams and before positions are drawn.</summary>
    public void Add(NpgsqlBatch batch, EventUnit unit) => batch.Add(_reserve)
        .With(unit.TenantId.Value, NpgsqlDbType.Text)
        .With(Column(unit, static change => change.Name), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Column(unit, static change => change.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Column(unit, static change => change.Owner.Value), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Column(unit, static change => (short)change.Verb), NpgsqlDbType.Array | NpgsqlDbType.Smallint)
        .With(Column(unit, static change => change.AggregateType), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Streams(unit, Frees), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Streams(unit, Erases), NpgsqlDbType.Array | NpgsqlDbType.Text)
        .With(Streams(unit, Restores), NpgsqlDbType.Array | NpgsqlDbType.Text);

    private static bool Frees(StreamChange change) => change.Verb == StreamVerb.Delete || Erases(change);

    private static bool Erases(StreamChange change) => change.Verb is StreamVerb.Tombstone or StreamVerb.HardDelete;

    private static bool Restores(StreamChange change) => change.Verb == StreamVerb.Undelete;

    private static T[] Column<T>(EventUnit unit, Converter<ReservationChange, T> value) => Array.ConvertAll(unit.Reservations, value);

    private static string[] Streams(EventUnit unit, Func<StreamChange, bool> condition) =>
        [.. unit.Changes.Where(condition).Select(static change => change.Stream.StreamId.Value).Distinct()];
}
