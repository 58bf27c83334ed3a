using System.Text.Json;

namespace FluentEventStore.AspNetCore;

/// <summary>An event as answers show it.</summary>
public sealed record EventAnswer
{
    /// <inheritdoc cref="IEvent.Id"/>
    public required Guid Id { get; init; }

    /// <inheritdoc cref="IEvent.Position"/>
    public required long Position { get; init; }

    /// <inheritdoc cref="IEvent.StreamId"/>
    public required string StreamId { get; init; }

    /// <inheritdoc cref="IEvent.Version"/>
    public required long Version { get; init; }

    /// <inheritdoc cref="IEvent.TypeName"/>
    public required string Type { get; init; }

    /// <inheritdoc cref="IEvent.TypeVersion"/>
    public required int TypeVersion { get; init; }

    /// <inheritdoc cref="IEvent.Timestamp"/>
    public required DateTimeOffset Timestamp { get; init; }

    /// <inheritdoc cref="IEvent.CorrelationId"/>
    public string? CorrelationId { get; init; }

    /// <inheritdoc cref="IEvent.CausationId"/>
    public string? CausationId { get; init; }

    /// <inheritdoc cref="IEvent.UserName"/>
    public string? UserName { get; init; }

    /// <inheritdoc cref="IEvent.Headers"/>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The tenant that the stream belongs to; not there if it is <c>default</c>.</summary>
    public string? TenantId { get; init; }

    /// <summary>The link through which the event was read; not there if it was read from its own stream or from the log.</summary>
    public EventLinkAnswer? Link { get; init; }

    /// <summary>The data in its current shape, in the JSON that the store writes. Personal data is in plain text.</summary>
    public required JsonElement Data { get; init; }
}
