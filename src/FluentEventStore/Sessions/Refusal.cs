using System.Text.Json;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Sessions;

/// <summary>Why the server refused a unit of work: turns an SQLSTATE and its data into the exception to throw. Nothing of the unit is written.</summary>
internal sealed class Refusal(PostgresException failure, EventUnit? unit, IReadOnlyList<DocumentChange> changes)
{
    private const string EventIdConstraint = "events_id_key";
    private const string PositionConstraint = "events_pkey";

    /// <summary>Whether event ids of the unit are in the store already, or twice in the unit.</summary>
    public bool EventIdsAreKnown => failure.SqlState == SqlStates.EventIdsKnown
        || failure is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: EventIdConstraint };

    /// <summary>Whether the sequence of positions lags behind the events, as it may after a restore.</summary>
    public bool PositionsAreBehind => failure is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: PositionConstraint };

    /// <summary>Whether sending the unit again, with its views folded anew, may succeed.</summary>
    public bool MayBeSentAgain => failure.SqlState == SqlStates.ViewMoved || PositionsAreBehind || SqlStates.IsRolledBackByChance(failure.SqlState);

    /// <summary>Throws what the refusal means; returns where it is none of the store's own.</summary>
    public void Throw()
    {
        switch (failure.SqlState)
        {
            case SqlStates.StreamVersionConflict:
                throw StreamConflict();
            case SqlStates.DocumentExists:
                var existing = FindChange();
                throw new DocumentAlreadyExistsException(existing.Table.Type.ClrType, existing.Id);
            case SqlStates.DocumentMissing:
                var missing = FindChange();
                throw new DocumentNotFoundException(missing.Table.Type.ClrType, missing.Id);
            case SqlStates.ViewMoved:
                var moved = FindChange();
                throw new DocumentConflictException(moved.Table.Type.ClrType, moved.Id);
        }
    }

    private FluentEventStoreException StreamConflict()
    {
        using var data = ReadData();
        var id = data.RootElement.GetProperty("stream").GetString();
        var actual = data.RootElement.GetProperty("actual").GetInt64();
        var stream = unit!.Streams.Single(stream => stream.StreamId.Value == id);
        return stream.IsStart
            ? new StreamAlreadyExistsException(stream.StreamId, actual)
            : new StreamVersionConflictException(stream.StreamId, stream.Expected, actual);
    }

    private DocumentChange FindChange()
    {
        using var data = ReadData();

        // A stream that moved under its views: any of them tells which.
        if (data.RootElement.TryGetProperty("stream", out var streamId))
            return changes.First(change => change.NewVersion > 0 && change.Id.ToString() == streamId.GetString());

        var document = data.RootElement.GetProperty("document").GetString();
        var id = data.RootElement.GetProperty("id").ToString();
        return changes.First(change => change.Table.Type.Name == document && change.Id.ToString() == id);
    }

    private JsonDocument ReadData() => JsonDocument.Parse(failure.Hint ?? "{}");
}
