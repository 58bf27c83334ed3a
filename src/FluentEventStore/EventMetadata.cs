using System.Collections.Frozen;

namespace FluentEventStore;

/// <summary>What is known of a recorded event besides its data.</summary>
public readonly struct EventMetadata
{
    /// <summary>
    /// Stands for the position of an event that is being folded before it is written, and for the version of one whose stream is not read.
    /// </summary>
    internal const long Unassigned = -1;

    private readonly long _position;
    private readonly long _version;
    private readonly IReadOnlyDictionary<string, string>? _headers;

    /// <inheritdoc cref="IEvent.Id"/>
    public Guid Id { get; init; }

    /// <inheritdoc cref="IEvent.Position"/>
    public long Position
    {
        get => _position != Unassigned
            ? _position
            : throw new InvalidOperationException(
                "An event has no position before its unit of work is saved: an inline snapshot can use its version only.");
        init => _position = value;
    }

    /// <inheritdoc cref="IEvent.StreamId"/>
    public StreamId StreamId { get; init; }

    /// <inheritdoc cref="IEvent.Version"/>
    public long Version
    {
        get => _version != Unassigned
            ? _version
            : throw new InvalidOperationException("An event has no version before its unit of work is saved: a natural key cannot use it.");
        init => _version = value;
    }

    /// <inheritdoc cref="IEvent.TypeName"/>
    public string TypeName { get; init; }

    /// <inheritdoc cref="IEvent.TypeVersion"/>
    public int TypeVersion { get; init; }

    /// <inheritdoc cref="IEvent.Timestamp"/>
    public DateTimeOffset Timestamp { get; init; }

    /// <inheritdoc cref="IEvent.CorrelationId"/>
    public string? CorrelationId { get; init; }

    /// <inheritdoc cref="IEvent.CausationId"/>
    public string? CausationId { get; init; }

    /// <inheritdoc cref="IEvent.UserName"/>
    public string? UserName { get; init; }

    /// <inheritdoc cref="IEvent.Headers"/>
    public IReadOnlyDictionary<string, string> Headers
    {
        get => _headers ?? FrozenDictionary<string, string>.Empty;
        init => _headers = value;
    }

    /// <inheritdoc cref="IEvent.TenantId"/>
    public TenantId TenantId { get; init; }

    /// <inheritdoc cref="IEvent.Link"/>
    public EventLink? Link { get; init; }

    /// <summary>For errors: version and position are 0 if there is none yet.</summary>
    internal EventLocation Location => new(TypeName, TypeVersion, StreamId, Math.Max(_version, 0), Math.Max(_position, 0));
}
