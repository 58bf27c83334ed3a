namespace FluentEventStore;

/// <summary>
/// A pulled subscription is stored with another filter, partition or version than it was opened with. Nothing was changed. With another
/// partition events would overtake each other, and with another filter under the same version some would be lost.
/// </summary>
public sealed class SubscriptionMismatchException : FluentEventStoreException
{
    /// <param name="subscription">The name of the subscription.</param>
    /// <param name="stored">What is stored: version, partition and events, in words.</param>
    /// <param name="declared">What it was opened with.</param>
    /// <param name="problem">What is wrong with that, as a sentence.</param>
    public SubscriptionMismatchException(string subscription, string stored, string declared, string problem)
        : base($"Subscription '{subscription}' cannot be opened: {problem}") =>
        (Subscription, Stored, Declared) = (subscription, stored, declared);

    /// <summary>The name of the subscription.</summary>
    public string Subscription { get; }

    /// <summary>What is stored: version, partition and events, in words.</summary>
    public string Stored { get; }

    /// <summary>What it was opened with.</summary>
    public string Declared { get; }
}
