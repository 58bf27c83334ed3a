namespace FluentEventStore;

/// <summary>A message that goes out later.</summary>
public sealed class ScheduledMessage
{
    /// <summary>Its id, by which it can be dropped.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Its name; <see langword="null"/> if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Its key; <see langword="null"/> if it has none.</summary>
    public string? Key { get; init; }

    /// <summary>The stored name of its type.</summary>
    public required string TypeName { get; init; }

    /// <summary>The message as JSON in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>When it goes out, by the clock of <c>options.TimeProvider</c>.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>When it was scheduled.</summary>
    public required DateTimeOffset Published { get; init; }
}
