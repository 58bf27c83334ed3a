using FluentEventStore.Messages;
using FluentEventStore.Outbox;
using FluentEventStore.Subscriptions;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore;

/// <summary>Where messages go, and how. A process that says neither a sink nor a handler publishes messages and sends none.</summary>
public sealed class MessageOptions
{
    private readonly OptionsUse _use = new();
    private readonly Dictionary<string, SinkCall> _handlers = new(StringComparer.Ordinal);
    private SinkCall? _sink;

    /// <summary>How long a call of the sink may take. Then it counts as failed, also if it does not end.</summary>
    /// <value>
    /// More than zero, up to 24 days; <see cref="Timeout.InfiniteTimeSpan"/> means without end. Default: 30 seconds.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SendTimeout
    {
        get;
        set
        {
            _use.Check();
            if (value != Timeout.InfiniteTimeSpan)
                CheckRange(value, TimeSpan.FromTicks(1), TimeSpan.FromDays(24), nameof(SendTimeout));

            field = value;
        }
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How many messages the process sends at the same time, of each database. Those of a key go out one after the other.
    /// </summary>
    /// <value>1 to 1,000. Default: 8.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Concurrency
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Concurrency));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1000, nameof(Concurrency));
            field = value;
        }
    } = 8;

    /// <summary>How long a process may be silent before others send the messages that it has taken.</summary>
    /// <value>1 second to 10 minutes. Default: 5 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Lease
    {
        get;
        set => field = CheckRange(value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), nameof(Lease));
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after a look for messages the next one follows, if nothing is to be done. Messages that the process itself has published go
    /// out at once; this is for those of other processes. Where each tenant has a database of its own, it is a second at least.
    /// </summary>
    /// <value>10 milliseconds to 1 minute. Default: 250 milliseconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan PollInterval
    {
        get;
        set => field = CheckRange(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), nameof(PollInterval));
    } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The pause after the first attempt that failed. It doubles with each further one up to <see cref="LongestPause"/>: by default, there
    /// are five attempts within a second.
    /// </summary>
    /// <value>1 millisecond to 1 minute. Default: 50 milliseconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan FirstPause
    {
        get;
        set => field = CheckRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1), nameof(FirstPause));
    } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// What pauses grow to. Once there was one of this length, the message is tried every <see cref="AlarmPause"/>, and each failure raises
    /// an alarm.
    /// </summary>
    /// <value>1 millisecond to 1 day. Default: 1 minute.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan LongestPause
    {
        get;
        set => field = CheckRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), nameof(LongestPause));
    } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The pause between attempts for a message that has failed for long: for ever, as nothing is dropped by itself. Each failure is logged
    /// as an error, counted by <c>fluenteventstore.messages.alarms</c>, and degrades the health check.
    /// </summary>
    /// <value>1 millisecond to 1 day. Default: 5 minutes.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan AlarmPause
    {
        get;
        set => field = CheckRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1), nameof(AlarmPause));
    } = TimeSpan.FromMinutes(5);

    /// <summary>How many bytes of JSON a message may have. A larger one is refused when it is published.</summary>
    /// <value>1,024 to 67,108,864 (64 MiB). Default: 1,048,576 (1 MiB).</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxBytesOfMessage
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1024, nameof(MaxBytesOfMessage));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 64 * 1024 * 1024, nameof(MaxBytesOfMessage));
            field = value;
        }
    } = 1024 * 1024;

    /// <summary>
    /// Gives sinks and handlers services; <see langword="null"/> if the store is not one of the services of an application.
    /// </summary>
    internal IPageScopes? Scopes { get; set; }

    /// <summary>Whether the process sends messages at all.</summary>
    internal bool SendAny => _sink is not null || _handlers.Count > 0;

    /// <summary>Sends all messages to a sink, except those of types with a handler.</summary>
    /// <param name="sink">It is not disposed.</param>
    /// <returns>This.</returns>
    /// <remarks>A second call replaces the first.</remarks>
    public MessageOptions SendTo(IMessageSink sink)
    {
        _use.Check();
        ArgumentNullException.ThrowIfNull(sink);
        _sink = (message, _, cancellationToken) => sink.SendAsync(message, cancellationToken);
        return this;
    }

    /// <summary>
    /// Sends all messages to a sink from the services of the application, except those of types with a handler. Each message has a scope of
    /// its own.
    /// </summary>
    /// <inheritdoc cref="SendTo(IMessageSink)" path="/returns"/>
    /// <inheritdoc cref="SendTo(IMessageSink)" path="/remarks"/>
    /// <exception cref="InvalidOperationException">The store is not one of the services of an application.</exception>
    public MessageOptions SendTo<TSink>()
        where TSink : class, IMessageSink
    {
        _use.Check();
        if (Scopes is null)
            throw new InvalidOperationException(
                $"{typeof(TSink).Name} comes from the services of an application, and a store of EventStore.For has none: add the store "
                    + "with AddFluentEventStore, or hand over an instance.");

        _sink = static (message, services, cancellationToken) =>
            services()!.GetRequiredService<TSink>().SendAsync(message, cancellationToken);
        return this;
    }

    /// <summary>Handles the messages of a type in the process.</summary>
    /// <typeparam name="T">A type marked with <see cref="MessageAttribute"/>.</typeparam>
    /// <param name="handle">As <see cref="IMessageSink.SendAsync"/>.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is no message, or has a handler already.</exception>
    public MessageOptions Handle<T>(Func<T, MessageContext, Task> handle)
    {
        _use.Check();
        ArgumentNullException.ThrowIfNull(handle);
        if (!MessageCatalog.TryGet(typeof(T), out var type))
            throw new ArgumentException($"{typeof(T)} is not a message: mark it with [Message].");

        if (!_handlers.TryAdd(
            type.Name,
            (message, services, cancellationToken) =>
                handle((T)message.Data, new MessageContext(message, services, cancellationToken))))
            throw new ArgumentException($"Messages of type {typeof(T).Name} have a handler already.");

        return this;
    }

    /// <summary>The names of the types that this process sends, as far as it knows them by now.</summary>
    internal string[] ListTypes() =>
        _sink is null ? [.. _handlers.Keys] : [.. MessageCatalog.All.Select(static type => type.Name)];

    /// <summary>What sends messages of a type; <see langword="null"/> if this process does not.</summary>
    internal SinkCall? Find(string typeName) => _handlers.TryGetValue(typeName, out var handler) ? handler : _sink;

    internal void Freeze() => _use.Begin();

    private TimeSpan CheckRange(TimeSpan value, TimeSpan least, TimeSpan most, string name)
    {
        _use.Check();
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
        return value;
    }
}
