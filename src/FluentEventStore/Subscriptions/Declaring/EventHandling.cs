namespace FluentEventStore.Subscriptions;

/// <summary>What a subscription does with events: with each, or with pages of them.</summary>
internal sealed class EventHandling
{
    private EventHandling(bool takesPages, Func<IReadOnlyList<IEvent>, SubscriptionContext, Task> handle) =>
        (TakesPages, Handle) = (takesPages, handle);

    /// <summary>Whether it is handed all events of a page at once.</summary>
    public bool TakesPages { get; }

    /// <summary>How many events it is handed at once, if it takes pages.</summary>
    public int MostOfPage { get; private init; } = 1000;

    /// <summary>Handles events; one, unless it takes pages.</summary>
    public Func<IReadOnlyList<IEvent>, SubscriptionContext, Task> Handle { get; }

    /// <summary>Finds the handler among services; <see langword="null"/> if none are needed.</summary>
    public Func<IServiceProvider, IEventHandler>? Resolve { get; private init; }

    public static EventHandling OfEach(Func<IEvent, SubscriptionContext, Task> handle) =>
        new(takesPages: false, (events, context) => handle(events[0], context));

    /// <summary>Handles each event by a handler that a scope of services gives.</summary>
    public static EventHandling OfServices(Func<IServiceProvider, IEventHandler> resolve) => new(
        takesPages: false,
        (events, context) => resolve(context.Services!).HandleAsync(events[0], context.Session, context.CancellationToken).AsTask())
    {
        Resolve = resolve,
    };

    public static EventHandling OfPages(Func<IReadOnlyList<IEvent>, SubscriptionContext, Task> handle) => new(takesPages: true, handle);

    /// <summary>Handles large pages, of which the last state of what they derive is written once.</summary>
    public static EventHandling OfLargePages(Func<IReadOnlyList<IEvent>, SubscriptionContext, Task> handle) =>
        new(takesPages: true, handle) { MostOfPage = 4000 };
}
