using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Which events of the log are read: the filter as it was when the reading began, and the tenants.</summary>
internal sealed class LogQuery
{
    private readonly short _state;
    private LogJudge? _judge;

    /// <param name="filter">What the reader asks for; <see langword="null"/> asks for all.</param>
    /// <param name="reader">The tenant of the reader; <see langword="null"/> for one who reads all.</param>
    /// <param name="seen">The highest state of the streams whose events are read, unless the filter says otherwise.</param>
    /// <param name="seesHidden">Whether events that are recorded but hidden are read too.</param>
    public LogQuery(EventFilter? filter, TenantId? reader, short seen = StreamStates.Active, bool seesHidden = false)
    {
        filter ??= new EventFilter();
        TypeNames = [.. filter.TypeNames];
        StreamIds = [.. filter.StreamIds];
        StreamPrefixes = [.. filter.StreamPrefixes];
        AggregateTypes = [.. filter.AggregateTypes];
        Tags = [.. filter.Tags.Order(StringComparer.Ordinal)];
        HeaderTexts = new Dictionary<string, string>(filter.Headers, StringComparer.Ordinal);
        Headers = Encode(HeaderTexts);
        Earliest = filter.Earliest ?? default;
        Latest = filter.Latest ?? default;
        _state = seesHidden ? StreamStates.Tombstoned : filter.Sees(seen);
        Tenants = (filter.IsOfAnyTenant, filter.Tenants.Count, reader) switch
        {
            (true, _, _) or (_, 0, null) => [],
            (_, 0, { } own) => [own.Value],
            _ => [.. filter.Tenants],
        };
        TenantId = Tenants.Length == 1 ? new TenantId(Tenants[0]) : default;
        var isOfOneStream = (Tenants.Length, StreamIds.Length, StreamPrefixes.Length) == (1, 1, 0);
        Shape = Flag(LogShape.Types, TypeNames.Length > 0)
            | Flag(LogShape.StreamPrefixes, StreamPrefixes.Length > 0)
            | Flag(LogShape.AggregateTypes, AggregateTypes.Length > 0)
            | Flag(LogShape.Headers, filter.Headers.Count > 0)
            | Flag(LogShape.Earliest, filter.Earliest is not null)
            | Flag(LogShape.Latest, filter.Latest is not null)
            | Flag(LogShape.Tenants, Tenants.Length > 0)
            | Flag(LogShape.TenantColumn, Tenants.Length != 1)
            | Flag(LogShape.Hidden, seesHidden)
            | Flag(LogShape.StreamIds, StreamIds.Length > 0)
            | Flag(LogShape.OneStream, isOfOneStream)
            | Flag(LogShape.Tags, Tags.Length > 0)
            | Flag(LogShape.OneTag, Tags.Length > 0 && Tenants.Length == 1 && !isOfOneStream);
    }

    public LogShape Shape { get; }

    /// <summary>The tenant whose events are read, if it is one.</summary>
    public TenantId TenantId { get; }

    public string[] TypeNames { get; }

    public string[] StreamIds { get; }

    public string[] StreamPrefixes { get; }

    public string[] AggregateTypes { get; }

    /// <summary>All of which an event must have, in the order of their characters.</summary>
    public string[] Tags { get; }

    public string[] Tenants { get; }

    /// <summary>The headers that an event must have.</summary>
    public IReadOnlyDictionary<string, string> HeaderTexts { get; }

    /// <summary>The same as JSON.</summary>
    public ReadOnlyMemory<byte> Headers { get; }

    public DateTimeOffset Earliest { get; }

    public DateTimeOffset Latest { get; }

    /// <summary>
    /// Whether what is known of an event in memory tells if it passes, given that a follower of the log without a filter gets it. The
    /// aggregate of a stream, its state and the tags of an event are in the database alone.
    /// </summary>
    public bool CanJudge =>
        _state == StreamStates.Deleted && (Shape & (LogShape.AggregateTypes | LogShape.Tags | LogShape.Hidden)) == LogShape.None;

    /// <summary>The same for queries that read the same, and for no others.</summary>
    public string Key => field ??= LogQueryKey.Of(this, _state);

    /// <summary>
    /// Whether an event passes, as the database would say: of those that a follower of the log without a filter gets. Only if
    /// <see cref="CanJudge"/>.
    /// </summary>
    public bool Passes(IEvent @event) => (_judge ??= new LogJudge(this)).Passes(@event);

    /// <summary>Adds the highest state and the parameters of the conditions.</summary>
    public void AddParameters(NpgsqlBatchCommand command)
    {
        command.With(_state, NpgsqlDbType.Smallint);
        LogConditions.AddParameters(command, this);
    }

    private static LogShape Flag(LogShape flag, bool isSet) => isSet ? flag : LogShape.None;

    private static ReadOnlyMemory<byte> Encode(IReadOnlyDictionary<string, string> headers)
    {
        using var writer = new JsonWriter();
        EventHeaders.Write(writer, headers);
        return writer.Piece.ToArray();
    }
}
