namespace FluentEventStore;

/// <summary>There is no subscription of a name: none was created yet, or it was deleted.</summary>
public sealed class SubscriptionNotFoundException : FluentEventStoreException
{
    /// <param name="subscription">The name.</param>
    public SubscriptionNotFoundException(string subscription)
        : base($"There is no subscription '{subscription}': it is created when a daemon that declares it starts, or it is opened.") =>
        Subscription = subscription;

    /// <summary>The name.</summary>
    public string Subscription { get; }
}
