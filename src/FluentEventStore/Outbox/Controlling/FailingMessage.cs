namespace FluentEventStore;

/// <summary>A message that was not sent when it was tried, and that later ones of its key wait for.</summary>
public sealed class FailingMessage
{
    /// <summary>Its id, by which it is retried or dropped.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required TenantId TenantId { get; init; }

    /// <summary>Its key; <see langword="null"/> if it has none.</summary>
    public string? Key { get; init; }

    /// <summary>The stored name of its type.</summary>
    public required string TypeName { get; init; }

    /// <summary>How many attempts have failed.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the first of them failed, by the clock of the server.</summary>
    public required DateTimeOffset FailingSince { get; init; }

    /// <summary>
    /// When it is tried again, by the clock of the server; <see langword="null"/> if that is at once or under way.
    /// </summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Why the last one failed: the name of the exception's type and what it says, 2,000 characters at most.</summary>
    public required string Error { get; init; }

    /// <summary>Whether it has failed for so long that an alarm was raised.</summary>
    public required bool IsAlarmed { get; init; }
}
