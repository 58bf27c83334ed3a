namespace FluentEventStore.Subscriptions;

/// <summary>Says what the handler is told of an event, beside the event.</summary>
/// <param name="item">The event; of a page, its first.</param>
/// <param name="session">Opens what the handler writes with.</param>
/// <param name="services">Opens the scope of services of its page; gives <see langword="null"/> if there are none.</param>
/// <param name="cancellationToken">Cancelled when the handler is to end.</param>
internal delegate SubscriptionContext DescribeCall(
    WorkItem item, Func<IDocumentSession> session, Func<IServiceProvider?> services, CancellationToken cancellationToken);
