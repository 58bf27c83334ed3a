using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.Postgres;

namespace FluentEventStore.Sessions;

/// <summary>
/// Why the server refused a unit of work: turns an SQLSTATE and its data into the exception to throw. Nothing of the unit is written.
/// </summary>
internal sealed class Refusal(RefusedAppend refused, EventUnit? unit, DocumentChange[] documents)
{
    /// <summary>The store's own, or the server's.</summary>
    public string SqlState => refused.SqlState;

    /// <summary>
    /// Whether the unit may have been committed before: it is recorded by its own id, its event ids are in the store already, or an id is
    /// twice in the unit.
    /// </summary>
    public bool IsKnown => UnitIsKnown || (unit is not null && EventIdsAreKnown);

    /// <summary>Whether the unit was committed before: it is recorded by its own id.</summary>
    public bool UnitIsKnown => refused.SqlState == SqlStates.UnitKnown;

    /// <summary>Whether a stream is not as it was when the snapshots of the unit were folded.</summary>
    public bool SnapshotsMoved => refused.SqlState == SqlStates.SnapshotMoved;

    /// <summary>Whether personal data of the unit was encrypted with keys that the database does not have.</summary>
    public bool KeysAreLost => refused.SqlState == SqlStates.KeysLost;

    /// <summary>Whether the sequence of positions lags behind the events, as it may after a restore.</summary>
    public bool PositionsAreBehind => EventConstraints.SayPositionsAreBehind(refused.Failure);

    /// <summary>Whether the sequence that numbers streams lags behind them, as it may after a restore.</summary>
    public bool KeysAreBehind => EventConstraints.SayKeysAreBehind(refused.Failure);

    /// <summary>Whether sending the unit again may succeed.</summary>
    public bool MayBeSentAgain => PositionsAreBehind || KeysAreBehind || IsByChance;

    /// <summary>Whether the server rolled back for no fault of the unit.</summary>
    public bool IsByChance => SqlStates.IsRolledBackByChance(refused.SqlState);

    private bool EventIdsAreKnown => refused.SqlState == SqlStates.EventIdsKnown || EventConstraints.SayEventIsKnown(refused.Failure);

    /// <summary>Throws what the refusal means; if it is not one of the store's own, what the driver threw.</summary>
    [DoesNotReturn]
    public void Throw()
    {
        switch (refused.SqlState)
        {
            case SqlStates.StreamVersionConflict:
                throw StreamConflict();
            case SqlStates.StreamNotActive:
                throw StreamNotActive();
            case SqlStates.StreamMissing:
                throw new StreamNotFoundException(Stream().StreamId);
            case SqlStates.TruncatedBeyondEnd:
                throw Truncation();
            case SqlStates.LinkRefused:
                throw Link();
            case SqlStates.BoundaryMoved:
                throw BoundaryConflict();
            case SqlStates.ReservationConflict:
                throw ReservationConflict();
            case SqlStates.DocumentExists:
                var existing = FindChange();
                throw new DocumentAlreadyExistsException(existing.Table.Type.ClrType, existing.Id);
            case SqlStates.DocumentMissing:
                var missing = FindChange();
                throw new DocumentNotFoundException(missing.Table.Type.ClrType, missing.Id);
            case SqlStates.DocumentConflict:
                throw DocumentConflict();
            default:
                refused.Rethrow();
                throw new UnreachableException();
        }
    }

    private FluentEventStoreException StreamNotActive()
    {
        using var data = ReadData();
        var id = Stream().StreamId;
        var state = data.RootElement.GetProperty("state").GetInt16();
        return state == StreamStates.Archived
            ? new StreamArchivedException(id)
            : new StreamDeletedException(id, isTombstoned: state == StreamStates.Tombstoned);
    }

    private StreamTruncationException Truncation()
    {
        using var data = ReadData();
        var before = data.RootElement.GetProperty("before").GetInt64();
        return new StreamTruncationException(Stream().StreamId, before, data.RootElement.GetProperty("actual").GetInt64());
    }

    private BoundaryConflictException BoundaryConflict()
    {
        using var data = ReadData();
        var query = unit!.Boundaries!.QueryOf(data.RootElement.GetProperty("clause").GetInt32());
        return new BoundaryConflictException(query, data.RootElement.GetProperty("position").GetInt64());
    }

    private LinkRefusedException Link()
    {
        using var data = ReadData();
        var eventId = data.RootElement.GetProperty("id").GetGuid();
        return new LinkRefusedException(Stream().StreamId, eventId, (LinkFault)data.RootElement.GetProperty("fault").GetInt32());
    }

    private FluentEventStoreException ReservationConflict()
    {
        using var data = ReadData();
        var (name, value) = (data.RootElement.GetProperty("name").GetString()!, data.RootElement.GetProperty("value").GetString()!);
        var owner = new StreamId(data.RootElement.GetProperty("owner").GetString()!);
        var heldBy = new StreamId(data.RootElement.GetProperty("held_by").GetString()!);
        return ReservationNames.IsOfAggregate(name, out var aggregate)
            ? new DuplicateNaturalKeyException(aggregate, value, owner, heldBy, unit!.TenantId)
            : new ReservationConflictException(name, value, owner, heldBy, unit!.TenantId);
    }

    private FluentEventStoreException StreamConflict()
    {
        using var data = ReadData();
        var actual = data.RootElement.GetProperty("actual").GetInt64();
        var stream = Stream();
        return stream.IsStart
            ? new StreamAlreadyExistsException(stream.StreamId, actual)
            : new StreamVersionConflictException(stream.StreamId, stream.Expected, actual);
    }

    private DocumentConflictException DocumentConflict()
    {
        using var data = ReadData();
        var change = FindChange();
        return new DocumentConflictException(
            change.Table.Type.ClrType, change.Id, change.Expected!.Version, data.RootElement.GetProperty("actual").GetInt64());
    }

    /// <summary>The stream of the unit that is the reason.</summary>
    private UnitStream Stream()
    {
        using var data = ReadData();
        var id = data.RootElement.GetProperty("stream").GetString();
        return unit!.Streams.Single(stream => stream.StreamId.Value == id);
    }

    private DocumentChange FindChange()
    {
        using var data = ReadData();
        var document = data.RootElement.GetProperty("document").GetString();
        var id = data.RootElement.GetProperty("id").ToString();
        return Array.Find(documents, change => change.Table.Type.Name == document && change.Id.ToString() == id)!;
    }

    private JsonDocument ReadData() => JsonDocument.Parse(refused.Hint ?? "{}");
}
