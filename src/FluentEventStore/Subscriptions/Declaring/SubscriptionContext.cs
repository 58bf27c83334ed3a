namespace FluentEventStore;

/// <summary>What a handler of a subscription is given beside the event.</summary>
public sealed class SubscriptionContext
{
    private readonly Func<IDocumentSession> _session;
    private readonly Func<IServiceProvider?>? _services;

    /// <summary>A context, for tests of handlers.</summary>
    /// <param name="subscription">The name of the subscription.</param>
    /// <param name="session">What the handler writes with.</param>
    /// <param name="cancellationToken">Cancelled when the handler is to end.</param>
    public SubscriptionContext(string subscription, IDocumentSession session, CancellationToken cancellationToken = default)
        : this(subscription, () => session, cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
    }

    internal SubscriptionContext(
        string subscription,
        Func<IDocumentSession> session,
        CancellationToken cancellationToken,
        Func<IServiceProvider?>? services = null)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        (Subscription, _session, CancellationToken, _services) = (subscription, session, cancellationToken, services);
    }

    /// <summary>The name of the subscription.</summary>
    public string Subscription { get; }

    /// <summary>
    /// A session of the event's tenant, which the subscription saves in one transaction with its checkpoint: what is written with it is
    /// written exactly once. Of the page of events that it belongs to, all is written or nothing.
    /// </summary>
    /// <remarks>
    /// Events that it appends carry the correlation of the event that is handled, and its id as the causation, unless the handler says
    /// otherwise. Saving it throws an <see cref="InvalidOperationException"/>.
    /// </remarks>
    public IDocumentSession Session => _session();

    /// <summary>
    /// The services of the application, in a scope that lives until the page of events is committed or undone. In it,
    /// <see cref="IDocumentSession"/> is <see cref="Session"/>.
    /// </summary>
    /// <value><see langword="null"/> if the store is not one of the services of an application.</value>
    public IServiceProvider? Services
    {
        get => field ?? _services?.Invoke();
        init;
    }

    /// <summary>Cancelled when the handler is to end: its time is over, the host stops, or the range goes to another process.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Which call for this event it is, failures of the database not counted.</summary>
    /// <value>1 for the first.</value>
    public int Attempt { get; init; } = 1;

    /// <summary>
    /// Whether the event stands before a border: the end of the log when the subscription was created, or where it stood when it was last
    /// moved back, whichever is later. It does not say whether the event was handled before. After a checkpoint ahead of the log, the
    /// border is where the subscription was reset to: what follows there is new.
    /// </summary>
    public bool IsReplay { get; init; }

    /// <summary>
    /// Grows whenever the range goes to another process or its outcome was unknown. An effect outside of the store that keeps the highest
    /// token it has seen can refuse a process that was paused and has been replaced.
    /// </summary>
    public long FencingToken { get; init; }
}
