using FluentEventStore.Postgres;
using FluentEventStore.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Events;

/// <summary>Which events of the log are read: a filter as it was when the reading began, and whose events.</summary>
internal sealed class LogQuery
{
    private readonly string[] _typeNames;
    private readonly string[] _streamIds;
    private readonly string[] _streamPrefixes;
    private readonly string[] _aggregateTypes;
    private readonly string[] _tenants;
    private readonly ReadOnlyMemory<byte> _headers;
    private readonly DateTimeOffset _earliest;
    private readonly DateTimeOffset _latest;
    private readonly short _state;

    /// <param name="filter">What the reader asks for; <see langword="null"/> asks for all.</param>
    /// <param name="reader">The tenant of the reader; <see langword="null"/> for one who reads all.</param>
    /// <param name="seen">The highest state of the streams whose events are read, unless the filter says otherwise.</param>
    /// <param name="seesHidden">Whether what is recorded but not read any more is read too.</param>
    public LogQuery(EventFilter? filter, TenantId? reader, short seen = StreamStates.Active, bool seesHidden = false)
    {
        filter ??= new EventFilter();
        _typeNames = [.. filter.TypeNames];
        _streamIds = [.. filter.StreamIds];
        _streamPrefixes = [.. filter.StreamPrefixes];
        _aggregateTypes = [.. filter.AggregateTypes];
        _headers = Encode(filter.Headers);
        _earliest = filter.Earliest ?? default;
        _latest = filter.Latest ?? default;
        _state = seesHidden ? StreamStates.Tombstoned : filter.Sees(seen);
        _tenants = (filter.IsOfAnyTenant, filter.Tenants.Count, reader) switch
        {
            (true, _, _) or (_, 0, null) => [],
            (_, 0, { } own) => [own.Value],
            _ => [.. filter.Tenants],
        };
        TenantId = _tenants.Length == 1 ? new TenantId(_tenants[0]) : default;
        Shape = Flag(LogShape.Types, _typeNames.Length > 0)
            | Flag(LogShape.StreamPrefixes, _streamPrefixes.Length > 0)
            | Flag(LogShape.AggregateTypes, _aggregateTypes.Length > 0)
            | Flag(LogShape.Headers, filter.Headers.Count > 0)
            | Flag(LogShape.Earliest, filter.Earliest is not null)
            | Flag(LogShape.Latest, filter.Latest is not null)
            | Flag(LogShape.Tenants, _tenants.Length > 0)
            | Flag(LogShape.TenantColumn, _tenants.Length != 1)
            | Flag(LogShape.Hidden, seesHidden)
            | Flag(LogShape.StreamIds, _streamIds.Length > 0)
            | Flag(LogShape.OneStream, (_tenants.Length, _streamIds.Length, _streamPrefixes.Length) == (1, 1, 0));
    }

    public LogShape Shape { get; }

    /// <summary>The tenant whose events are read, where it is one.</summary>
    public TenantId TenantId { get; }

    /// <summary>Adds the highest state and the parameters of the conditions, in the order in which <see cref="LogSql"/> numbers them.</summary>
    public void AddParameters(NpgsqlBatchCommand command)
    {
        command.With(_state, NpgsqlDbType.Smallint);
        if (Shape.HasFlag(LogShape.Types))
            command.With(_typeNames, NpgsqlDbType.Array | NpgsqlDbType.Text);
        if (Shape.HasFlag(LogShape.Headers))
            command.With(_headers, NpgsqlDbType.Jsonb);
        if (Shape.HasFlag(LogShape.Earliest))
            command.With(_earliest, NpgsqlDbType.TimestampTz);
        if (Shape.HasFlag(LogShape.Latest))
            command.With(_latest, NpgsqlDbType.TimestampTz);
        if (Shape.HasFlag(LogShape.Tenants))
            command.With(_tenants, NpgsqlDbType.Array | NpgsqlDbType.Text);
        if (Shape.HasFlag(LogShape.StreamIds))
            command.With(_streamIds, NpgsqlDbType.Array | NpgsqlDbType.Text);
        if (Shape.HasFlag(LogShape.StreamPrefixes))
            command.With(_streamPrefixes, NpgsqlDbType.Array | NpgsqlDbType.Text);
        if (Shape.HasFlag(LogShape.AggregateTypes))
            command.With(_aggregateTypes, NpgsqlDbType.Array | NpgsqlDbType.Text);
    }

    private static LogShape Flag(LogShape flag, bool isSet) => isSet ? flag : LogShape.None;

    private static ReadOnlyMemory<byte> Encode(IReadOnlyDictionary<string, string> headers)
    {
        using var writer = new JsonWriter();
        EventHeaders.Write(writer, headers);
        return writer.Piece.ToArray();
    }
}
