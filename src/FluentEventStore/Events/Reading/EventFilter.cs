using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>
/// Which events a reader of the log gets. The database applies it. Each kind of condition narrows; several calls for one kind widen it
/// again, except for headers, which must all be there. An empty filter lets all pass: to readers those of active streams, to those who
/// follow the log those of archived and deleted streams too.
/// </summary>
public sealed class EventFilter
{
    private readonly HashSet<string> _typeNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _streamPrefixes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _aggregateTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _headers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tenants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _streamIds = new(StringComparer.Ordinal);
    private bool _isOfEveryType;
    private bool _isOnlyActive;
    private short _includedState = StreamStates.Active;

    /// <summary>Empty where all types pass.</summary>
    internal IReadOnlyCollection<string> TypeNames => _isOfEveryType ? [] : _typeNames;

    internal IReadOnlyCollection<string> StreamIds => _streamIds;

    internal IReadOnlyCollection<string> StreamPrefixes => _streamPrefixes;

    internal IReadOnlyCollection<string> AggregateTypes => _aggregateTypes;

    internal IReadOnlyDictionary<string, string> Headers => _headers;

    internal IReadOnlyCollection<string> Tenants => _tenants;

    internal bool IsOfAnyTenant { get; private set; }

    internal DateTimeOffset? Earliest { get; private set; }

    internal DateTimeOffset? Latest { get; private set; }

    /// <summary>
    /// Lets events of this type pass, in every version that is stored under its name, or under another name that upcasters lead from to
    /// this type; further calls add types.
    /// </summary>
    /// <exception cref="ArgumentException">The type is no event type.</exception>
    public EventFilter OfType<T>()
        where T : notnull
    {
        _typeNames.UnionWith(EventCatalog.NamesOf(EventCatalog.Get(typeof(T))));
        return this;
    }

    /// <summary>
    /// Lets events pass that are stored under one of these names, whether a type of that name is known or not; further calls add names.
    /// </summary>
    /// <exception cref="ArgumentException">No name is given, or one is empty or cannot be stored.</exception>
    public EventFilter OfTypes(params string[] names) => OfTypes((IEnumerable<string>)names);

    /// <inheritdoc cref="OfTypes(string[])"/>
    public EventFilter OfTypes(IEnumerable<string> names) => Add(_typeNames, names, nameof(names));

    /// <summary>Lets events pass of the stream with exactly this id; further calls, and prefixes, add streams.</summary>
    /// <remarks>
    /// With one stream of one tenant, the session's or one that <see cref="OfTenants(TenantId[])"/> names, an index finds the events,
    /// however long the log is.
    /// </remarks>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    public EventFilter OfStream(StreamId streamId)
    {
        StreamId.ThrowIfDefault(streamId);
        return Add(_streamIds, [streamId.Value], nameof(streamId));
    }

    /// <summary>Lets events pass whose stream's id starts with this text, compared by its characters; further calls add prefixes.</summary>
    /// <param name="prefix">Such as <c>order-</c>, where the ids of a category of streams start so.</param>
    /// <exception cref="ArgumentException">The text is empty or cannot be stored.</exception>
    public EventFilter OfStreams(string prefix) => Add(_streamPrefixes, [prefix], nameof(prefix));

    /// <summary>Lets events pass of streams that were started for the aggregate of this name; further calls add names.</summary>
    /// <param name="name">The stored name of the aggregate.</param>
    /// <exception cref="ArgumentException">The name is empty or cannot be stored.</exception>
    public EventFilter OfAggregate(string name) => Add(_aggregateTypes, [name], nameof(name));

    /// <summary>Lets events pass that have this header with this value; further calls ask for further headers.</summary>
    /// <exception cref="ArgumentException">The key is empty, or a text holds NUL or a lone surrogate.</exception>
    public EventFilter WithHeader(string key, string value)
    {
        EventHeaders.Check(key, value);
        _headers[key] = value;
        return this;
    }

    /// <summary>
    /// Lets events pass whose timestamp is not before this one. Timestamps are those of the writers' clocks, so they are no order.
    /// </summary>
    public EventFilter From(DateTimeOffset earliest)
    {
        Earliest = earliest.ToUniversalTime();
        return this;
    }

    /// <summary>Lets events pass whose timestamp is not after this one.</summary>
    public EventFilter Until(DateTimeOffset latest)
    {
        Latest = latest.ToUniversalTime();
        return this;
    }

    /// <summary>Reads these tenants, whatever the tenant of the session; further calls add tenants.</summary>
    /// <exception cref="ArgumentException">No tenant is given.</exception>
    public EventFilter OfTenants(params TenantId[] tenants) => OfTenants((IEnumerable<TenantId>)tenants);

    /// <inheritdoc cref="OfTenants(TenantId[])"/>
    public EventFilter OfTenants(IEnumerable<TenantId> tenants)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        return Add(_tenants, tenants.Select(static tenant => tenant.Value), nameof(tenants));
    }

    /// <summary>
    /// Reads all tenants, whatever the tenant of the session. For operators: a request of one tenant has no business with it.
    /// </summary>
    public EventFilter OfAnyTenant()
    {
        IsOfAnyTenant = true;
        return this;
    }

    /// <summary>Lets events of archived streams pass too.</summary>
    /// <remarks>Who follows the log gets them anyway.</remarks>
    public EventFilter IncludeArchived() => Include(StreamStates.Archived);

    /// <summary>
    /// Lets events of archived and deleted streams pass too, all that can be shown again. Who reads the log up to a bookmark and goes on
    /// there later asks for it: what is passed over while its stream is hidden never comes. Events of tombstoned streams, and those that
    /// were truncated, never pass.
    /// </summary>
    /// <remarks>Who follows the log gets them anyway.</remarks>
    public EventFilter IncludeDeleted() => Include(StreamStates.Deleted);

    /// <summary>
    /// Lets no events of archived and deleted streams pass to somebody who follows the log, unless they are included. One whose stream is
    /// hidden when it is passed never comes, also where the stream is shown again.
    /// </summary>
    public EventFilter OnlyActive()
    {
        _isOnlyActive = true;
        return this;
    }

    /// <summary>Lets events of all types pass, also of those that nobody here knows, whatever other types are named.</summary>
    internal EventFilter OfEveryType()
    {
        _isOfEveryType = true;
        return this;
    }

    /// <summary>The highest state of the streams whose events pass.</summary>
    /// <param name="byDefault">What the reader sees where the filter says nothing.</param>
    internal short Sees(short byDefault) => Math.Max(_isOnlyActive ? StreamStates.Active : byDefault, _includedState);

    private EventFilter Include(short state)
    {
        _includedState = Math.Max(_includedState, state);
        return this;
    }

    private EventFilter Add(HashSet<string> set, IEnumerable<string> values, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(values, parameterName);
        List<string> added = [.. values];
        if (added.Count == 0)
            throw new ArgumentException("Nothing is given, so nothing could pass.", parameterName);

        foreach (var value in added)
        {
            ArgumentException.ThrowIfNullOrEmpty(value, parameterName);
            StorableText.Check(value, parameterName);
        }

        set.UnionWith(added);
        return this;
    }
}
