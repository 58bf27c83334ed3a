using FluentEventStore.Subscriptions;

namespace FluentEventStore;

/// <summary>The subscriptions that a daemon of the store carries, and how the processes that do so share them.</summary>
public sealed class DeclaredSubscriptions
{
    private readonly OptionsUse _use = new();
    private readonly Dictionary<string, Declaration> _declared = new(StringComparer.Ordinal);

    /// <summary>
    /// How long a process may be silent before others take over what it carries. A process that was paused for longer finds that it was
    /// replaced, and writes nothing.
    /// </summary>
    /// <value>1 second to 10 minutes. Default: 5 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan Lease
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1), nameof(Lease));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(10), nameof(Lease));
            field = value;
        }
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many connections the daemon writes with at the same time in a database, however many subscriptions there are. One more writes,
    /// once a second, how far all got that passed over events of others.
    /// </summary>
    /// <value>1 or more. Default: 4.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Writers
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Writers));
            field = value;
        }
    } = 4;

    /// <summary>How many keys of a range may be parked. With one more, the range is faulted instead.</summary>
    /// <value>1 to 100,000. Default: 1,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxParkedKeys
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxParkedKeys));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100_000, nameof(MaxParkedKeys));
            field = value;
        }
    } = 1000;

    /// <summary>
    /// How long after it has listed the tenants a daemon lists them again, if each has a database of its own: databases that are new are
    /// carried from then on, those that are listed no more are left.
    /// </summary>
    /// <value>1 second to 1 hour. Default: 10 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan TenantInterval
    {
        get;
        set
        {
            _use.Check();
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1), nameof(TenantInterval));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1), nameof(TenantInterval));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>Gives handlers services; <see langword="null"/> if the store is not one of the services of an application.</summary>
    internal IPageScopes? Scopes { get; set; }

    internal IReadOnlyCollection<Declaration> All => _declared.Values;

    /// <summary>Declares a subscription, which a daemon carries.</summary>
    /// <param name="name">What its progress is stored under: 1 to 250 characters, without control characters.</param>
    /// <param name="declare">Says what it handles, and how. Called at once.</param>
    /// <exception cref="ArgumentException">
    /// The name is empty, too long, holds a control character or a lone surrogate, or is taken; or there is no handler.
    /// </exception>
    /// <exception cref="InvalidOperationException">The handler comes from services, and the store has none.</exception>
    public DeclaredSubscriptions Add(string name, Action<SubscriptionBuilder> declare)
    {
        _use.Check();
        StorableText.CheckKey(name, "subscription", SubscriptionBuilder.MaxNameLength);
        ArgumentNullException.ThrowIfNull(declare);
        var builder = new SubscriptionBuilder();
        declare(builder);
        var declaration = builder.Build(name);
        if (declaration.Handling.Resolve is not null && Scopes is null)
            throw new InvalidOperationException(
                $"Subscription '{name}' takes its handler from the services of an application, and a store of EventStore.For has none: "
                    + "add the store with AddFluentEventStore, or hand over an instance, as in Handle(new Mailer(mail)).");

        if (!_declared.TryAdd(name, declaration))
            throw new ArgumentException($"A subscription named '{name}' is declared already: each has its own progress.", nameof(name));

        return this;
    }

    /// <summary>Adds what keeps projections.</summary>
    /// <exception cref="ArgumentException">A subscription has the name of a projection.</exception>
    internal void Carry(IEnumerable<Declaration> projections)
    {
        foreach (var projection in projections)
        {
            if (_declared.ContainsKey(projection.Build!.Projection) && _declared[projection.Build.Projection].Build is null)
                throw new ArgumentException(
                    $"A subscription and a projection are both named '{projection.Build.Projection}': each has its own progress.");

            if (!_declared.TryAdd(projection.Name, projection))
                throw new ArgumentException(
                    $"A subscription and a projection are both named '{projection.Name}': each has its own progress.");
        }
    }

    internal void Freeze() => _use.Begin();
}
