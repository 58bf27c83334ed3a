using FluentEventStore.Schema;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>The meaning of a refusal by a unique index of the tables of streams and events.</summary>
internal static class EventConstraints
{
    private const string EventId = $"{EventTables.Events}_id{StoreTable.UniqueSuffix}";
    private const string Position = $"{EventTables.Events}{StoreTable.PrimaryKeySuffix}";
    private const string StreamKey = $"{EventTables.Streams}{StoreTable.PrimaryKeySuffix}";

    /// <summary>Whether the id of an event is in the store already, or was written twice at once.</summary>
    public static bool SayEventIsKnown(Exception? failure) => IsRefusedBy(failure, EventId);

    /// <summary>Whether the sequence of positions lags behind the events, as it may after a restore.</summary>
    public static bool SayPositionsAreBehind(Exception? failure) => IsRefusedBy(failure, Position);

    /// <summary>Whether the sequence that numbers streams lags behind them, as it may after a restore.</summary>
    public static bool SayKeysAreBehind(Exception? failure) => IsRefusedBy(failure, StreamKey);

    private static bool IsRefusedBy(Exception? failure, string constraint) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } refused && refused.ConstraintName == constraint;
}
