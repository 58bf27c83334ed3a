using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Handlers;
using FluentEventStore.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore;

/// <summary>Says what a subscription handles, and how. Each call replaces what an earlier one of the same kind said.</summary>
public sealed class SubscriptionBuilder
{
    /// <summary>How long the name of a subscription or a partition may be, in characters.</summary>
    internal const int MaxNameLength = 250;

    private readonly EventFilter _filter = new();
    private Func<IEvent, bool>? _predicate;
    private StartPoint _start = StartPoint.Beginning;
    private Partition? _partition;
    private (TenantId TenantId, StreamId StreamId)? _stream;
    private int _concurrency = 1;
    private int _version = 1;
    private RetryPolicy _retries = RetryPolicy.Default;
    private TimeSpan? _handlerTimeout;
    private bool _isShared;
    private EventHandling? _handling;

    internal SubscriptionBuilder()
    {
    }

    /// <summary>Begins with the first event of the log. The default.</summary>
    public SubscriptionBuilder FromBeginning() => Begin(StartPoint.Beginning);

    /// <summary>Begins after the events that are settled when the subscription is created.</summary>
    public SubscriptionBuilder FromPresent() => Begin(StartPoint.Present);

    /// <summary>Begins after a position.</summary>
    /// <param name="position">0 or more. One beyond the log stops the subscription: <see cref="FailureKind.LogForked"/>.</param>
    public SubscriptionBuilder FromPosition(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return Begin(new StartPoint(StartKind.Position, position));
    }

    /// <summary>
    /// Begins with the first event that is not older than this; see <see cref="IStoreSubscriptions.PositionAtAsync"/>. An instant to come
    /// is that of the creation.
    /// </summary>
    public SubscriptionBuilder FromTime(DateTimeOffset instant) => Begin(new StartPoint(StartKind.Time, Instant: instant));

    /// <summary>Narrows the events. Without it, all events of all tenants are handled, those of archived and deleted streams too.</summary>
    /// <param name="narrow">Called at once.</param>
    public SubscriptionBuilder Filter(Action<EventFilter> narrow)
    {
        ArgumentNullException.ThrowIfNull(narrow);
        narrow(_filter);
        return this;
    }

    /// <summary>Follows one stream of <see cref="TenantId.Default"/>, as <see cref="ForStream(StreamId, TenantId)"/> does.</summary>
    /// <inheritdoc cref="ForStream(StreamId, TenantId)" path="/exception"/>
    public SubscriptionBuilder ForStream(StreamId streamId) => ForStream(streamId, TenantId.Default);

    /// <summary>
    /// Follows one stream by its versions: its own events, and those of other streams that it links to, in the order of the links. The
    /// stream need not exist yet. Events stay in that order, unless a partition says otherwise.
    /// </summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="tenantId">Its tenant.</param>
    /// <remarks>
    /// It goes on with the events of the stream while it is archived or deleted, as the log does. What is truncated, removed or tombstoned
    /// before it was handled never comes; nor does a link to it.
    /// </remarks>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    public SubscriptionBuilder ForStream(StreamId streamId, TenantId tenantId)
    {
        StreamId.ThrowIfDefault(streamId);
        _stream = (tenantId, streamId);
        return this;
    }

    /// <summary>Handles events of this type only. Further calls add types.</summary>
    /// <inheritdoc cref="EventFilter.OfType{T}" path="/exception"/>
    public SubscriptionBuilder ForEvents<T>()
        where T : notnull => Filter(static filter => filter.OfType<T>());

    /// <summary>Handles events of these types only. Further calls add types.</summary>
    /// <inheritdoc cref="EventFilter.OfType{T}" path="/exception"/>
    public SubscriptionBuilder ForEvents<T1, T2>()
        where T1 : notnull
        where T2 : notnull => ForEvents<T1>().ForEvents<T2>();

    /// <inheritdoc cref="ForEvents{T1, T2}"/>
    public SubscriptionBuilder ForEvents<T1, T2, T3>()
        where T1 : notnull
        where T2 : notnull
        where T3 : notnull => ForEvents<T1, T2>().ForEvents<T3>();

    /// <summary>Handles events only of streams whose id begins with this category and a hyphen, as <c>order-1</c>.</summary>
    public SubscriptionBuilder ForCategory(string category)
    {
        ArgumentException.ThrowIfNullOrEmpty(category);
        return Filter(filter => filter.OfStreams($"{category}-"));
    }

    /// <summary>
    /// Handles only events that this says yes to, after what <see cref="Filter"/> lets pass. It must always say the same of the same event.
    /// </summary>
    public SubscriptionBuilder Where(Func<IEvent, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        _predicate = predicate;
        return this;
    }

    /// <summary>
    /// In how many ranges the subscription begins, which may be handled at the same time, in several processes. Events of one stream stay
    /// in order.
    /// </summary>
    /// <param name="concurrency">1 to 64. Later it is changed by splitting and merging.</param>
    public SubscriptionBuilder PartitionByStream(int concurrency) => PartitionBy(Partition.ByStream, concurrency);

    /// <summary>By which key events stay in order.</summary>
    public SubscriptionBuilder PartitionBy(Partition partition) => PartitionBy(partition, concurrency: 1);

    /// <summary>In how many ranges the subscription begins, and by which key events stay in order.</summary>
    /// <param name="partition">Gives the key.</param>
    /// <param name="concurrency">1 to 64. Later it is changed by splitting and merging.</param>
    public SubscriptionBuilder PartitionBy(Partition partition, int concurrency)
    {
        ArgumentNullException.ThrowIfNull(partition);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(concurrency, SubscriptionTables.SliceCount);
        (_partition, _concurrency) = (partition, concurrency);
        return this;
    }

    /// <summary>
    /// Tenants of one database share the subscription fairly: one that keeps others waiting is handled beside them until it has caught
    /// up, and the others go on. That is one to whom, of 5 seconds in which the subscription was behind, more than half went, or more than
    /// twice the equal part of each that was handled: by many events, slow ones or ones that are tried again. The longer it is
    /// behind, the less is enough, down to an eighth.
    /// </summary>
    /// <remarks>
    /// Without this, events are handled in the order of the log, whose tenant they are of. With it, events of different tenants may change
    /// places; those of one tenant stay in the order of their keys. Up to 8 tenants of a range are handled beside it.
    /// </remarks>
    public SubscriptionBuilder ShareFairly()
    {
        _isShared = true;
        return this;
    }

    /// <summary>
    /// The version of the handler. A process with a higher one takes the subscription over where it stands, and processes with a lower one
    /// leave it alone. Raise it whenever filter or handled types change.
    /// </summary>
    /// <param name="version">1 or more; 1 if this is not called.</param>
    public SubscriptionBuilder Version(int version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        _version = version;
        return this;
    }

    /// <summary>What happens when an event cannot be handled.</summary>
    /// <param name="retries">
    /// How often it is tried again: n + 1 calls in all, with growing pauses between. Failures of the database or of a shutdown are not
    /// counted: they are waited out.
    /// </param>
    /// <param name="then">What becomes of it afterwards.</param>
    /// <remarks>
    /// The first pause is 250 ms; it doubles each time up to a minute, less up to a quarter by chance. Without this: 3 retries, then
    /// <see cref="FailedEvent.Stop"/>.
    /// </remarks>
    public SubscriptionBuilder OnError(int retries, FailedEvent then) =>
        OnError(retries, then, RetryPolicy.Default.Pause, RetryPolicy.Default.LongestPause);

    /// <inheritdoc cref="OnError(int, FailedEvent)" path="/summary"/>
    /// <param name="retries">How often it is tried again: n + 1 calls in all.</param>
    /// <param name="then">What becomes of it afterwards.</param>
    /// <param name="pause">The first pause, which doubles each time, less up to a quarter by chance: zero or more.</param>
    /// <param name="longestPause">What pauses grow to: up to a day, and not below the first.</param>
    public SubscriptionBuilder OnError(int retries, FailedEvent then, TimeSpan pause, TimeSpan longestPause)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(retries);
        if (!Enum.IsDefined(then))
            throw new ArgumentOutOfRangeException(nameof(then), then, "There is no such choice.");

        ArgumentOutOfRangeException.ThrowIfLessThan(pause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(longestPause, pause);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longestPause, TimeSpan.FromDays(1));
        _retries = new RetryPolicy(retries, then, pause, longestPause);
        return this;
    }

    /// <summary>
    /// How long one call of the handler may take. Then its token is cancelled and the call has failed, even if it goes on: what it still
    /// writes with its session counts for nothing.
    /// </summary>
    /// <param name="limit">More than zero. Without this there is no limit.</param>
    public SubscriptionBuilder HandlerTimeout(TimeSpan limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, TimeSpan.FromDays(1));
        _handlerTimeout = limit;
        return this;
    }

    /// <summary>Handles one event after the other.</summary>
    public SubscriptionBuilder Handle(Func<IEvent, SubscriptionContext, Task> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handling = EventHandling.OfEach(handle);
        return this;
    }

    /// <summary>Handles a page of events of one tenant at a time: as many as are there, 1 to 1,000, in their order.</summary>
    /// <remarks>If it fails, the events are handed over one by one, so that the one that fails is found.</remarks>
    public SubscriptionBuilder HandlePages(Func<IReadOnlyList<IEvent>, SubscriptionContext, Task> handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        _handling = EventHandling.OfPages(handle);
        return this;
    }

    /// <summary>As <see cref="HandlePages"/>, with larger pages.</summary>
    internal SubscriptionBuilder HandleLargePages(Func<IReadOnlyList<IEvent>, SubscriptionContext, Task> handle)
    {
        _handling = EventHandling.OfLargePages(handle);
        return this;
    }

    /// <summary>Handles one event after the other by an event handler, which gets the events that it takes.</summary>
    /// <exception cref="ArgumentException">No known type of events is among those that the handler takes.</exception>
    public SubscriptionBuilder Handle(IEventHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _filter.For(handler);
        _handling = EventHandling.OfEach((@event, context) =>
            handler.HandleAsync(@event, context.Session, context.CancellationToken).AsTask());
        return this;
    }

    /// <summary>
    /// Handles one event after the other by an event handler from the services of the application, which gets the events that it takes.
    /// Each page of events has a scope of its own: in it, <see cref="IDocumentSession"/> is <see cref="SubscriptionContext.Session"/>,
    /// which the subscription saves, and there is one handler, which ends with it.
    /// </summary>
    /// <typeparam name="T">
    /// The handler. It need not be among the services: what its constructor takes has to be.
    /// </typeparam>
    /// <remarks>Only for stores that are added with <c>AddFluentEventStore</c>: others have no services.</remarks>
    /// <exception cref="ArgumentException">No known type of events is among those that the handler takes.</exception>
    public SubscriptionBuilder Handle<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>()
        where T : class, IDeclaredEventHandler
    {
        _filter.For<T>();
        _handling = EventHandling.OfServices(static services => services.GetRequiredService<ScopedHandlers>().Get<T>());
        return this;
    }

    /// <summary>What was declared.</summary>
    /// <exception cref="ArgumentException">Nothing says how events are handled.</exception>
    internal Declaration Build(string name)
    {
        var (query, narrowed) = Declaration.Reading(_filter);
        if (_stream is not null && !query.CanJudge)
            throw new ArgumentException(
                $"Subscription '{name}' follows one stream: it cannot be narrowed by tags, aggregates or states of streams.");

        if (_stream is not null && _isShared)
            throw new ArgumentException($"Subscription '{name}' follows one stream: it has one tenant, who shares with nobody.");

        return new Declaration(
            name,
            _version,
            Fingerprint: $"{(_stream is { } one ? $"stream '{one.StreamId}' of '{one.TenantId}': " : "")}{_filter}"
                + (_predicate is null ? "" : ", by a predicate"),
            query,
            _predicate,
            _start,
            _partition ?? (_stream is null ? Partition.ByStream : Partition.OfFollowedStream),
            _concurrency,
            _retries,
            _handlerTimeout,
            _handling ?? throw new ArgumentException($"Subscription '{name}' has no handler: call Handle or HandlePages."))
        {
            Narrowed = narrowed,
            IsShared = _isShared,
            Stream = _stream,
        };
    }

    private SubscriptionBuilder Begin(StartPoint start)
    {
        _start = start;
        return this;
    }
}
