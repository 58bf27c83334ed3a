namespace FluentEventStore;

/// <summary>As the database is set up, readers of the log could skip an event, so the store refuses to work with it.</summary>
/// <remarks>Nothing was written. Change what <see cref="Check"/> names from <see cref="Actual"/> to <see cref="Expected"/>.</remarks>
public sealed class OrderingNotGuaranteedException(string check, string expected, string actual, Exception? innerException)
    : FluentEventStoreException($"The order of the log cannot be guaranteed: {check} must be {expected}; it is {actual}.", innerException)
{
    /// <summary>What was looked at is not what it must be.</summary>
    public OrderingNotGuaranteedException(string check, string expected, string actual)
        : this(check, expected, actual, innerException: null)
    {
    }

    /// <summary>What was looked at, such as <c>default_transaction_isolation</c>.</summary>
    public string Check { get; } = check;

    /// <summary>What it must be.</summary>
    public string Expected { get; } = expected;

    /// <summary>What it is.</summary>
    public string Actual { get; } = actual;
}
