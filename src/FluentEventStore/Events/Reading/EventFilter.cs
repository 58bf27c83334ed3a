using System.Globalization;
using FluentEventStore.Events;
using FluentEventStore.Serialization;

namespace FluentEventStore;

/// <summary>
/// Which events a reader of the log gets. The database applies the filter. Each kind of condition narrows it; further calls for the same
/// kind widen it, except for headers and tags: an event must have all of them. An empty filter lets all events of active streams pass; to
/// followers of the log also those of archived and deleted streams.
/// </summary>
/// <remarks>
/// What replaces a session in the tests of an application sees by <see cref="ToString"/> what it is asked for: filters that let the same
/// pass read the same, whatever the order of the calls.
/// </remarks>
public sealed class EventFilter
{
    private readonly HashSet<string> _typeNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _streamPrefixes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _aggregateTypes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _headers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tenants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _streamIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);
    private bool _isOfEveryType;
    private bool _isOnlyActive;
    private short _includedState = StreamStates.Active;

    /// <summary>Empty if all types pass.</summary>
    internal IReadOnlyCollection<string> TypeNames => _isOfEveryType ? [] : _typeNames;

    internal IReadOnlyCollection<string> StreamIds => _streamIds;

    internal IReadOnlyCollection<string> StreamPrefixes => _streamPrefixes;

    internal IReadOnlyCollection<string> AggregateTypes => _aggregateTypes;

    internal IReadOnlyDictionary<string, string> Headers => _headers;

    internal IReadOnlyCollection<string> Tags => _tags;

    internal IReadOnlyCollection<string> Tenants => _tenants;

    internal bool IsOfAnyTenant { get; private set; }

    internal DateTimeOffset? Earliest { get; private set; }

    internal DateTimeOffset? Latest { get; private set; }

    /// <summary>
    /// Lets events of this type pass: every version stored under its name, and those under other names that upcasters convert to it.
    /// Further calls add types.
    /// </summary>
    /// <exception cref="ArgumentException">The type is no event type.</exception>
    public EventFilter OfType<T>()
        where T : notnull
    {
        _typeNames.UnionWith(EventCatalog.NamesOf(EventCatalog.Get(typeof(T))));
        return this;
    }

    /// <summary>
    /// Lets events pass that are stored under one of these names, even if no type of that name is registered. Further calls add names.
    /// </summary>
    /// <exception cref="ArgumentException">No name is given, or one is empty or cannot be stored.</exception>
    public EventFilter OfTypes(params string[] names) => OfTypes((IEnumerable<string>)names);

    /// <inheritdoc cref="OfTypes(string[])"/>
    public EventFilter OfTypes(IEnumerable<string> names) => Add(_typeNames, names, nameof(names));

    /// <summary>Lets events of the stream with exactly this id pass. Further calls, and prefixes, add streams.</summary>
    /// <remarks>
    /// With one stream of one tenant, an index finds the events, however long the log is. The tenant is that of the session, or one that
    /// <see cref="OfTenants(TenantId[])"/> names.
    /// </remarks>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    public EventFilter OfStream(StreamId streamId)
    {
        StreamId.ThrowIfDefault(streamId);
        return Add(_streamIds, [streamId.Value], nameof(streamId));
    }

    /// <summary>
    /// Lets events pass if the id of their stream starts with this text, compared by its characters. Further calls add prefixes.
    /// </summary>
    /// <param name="prefix">Such as <c>order-</c>, if the ids of a category of streams start with it.</param>
    /// <exception cref="ArgumentException">The text is empty or cannot be stored.</exception>
    public EventFilter OfStreams(string prefix) => Add(_streamPrefixes, [prefix], nameof(prefix));

    /// <summary>Lets events of streams pass that were started for the aggregate of this name. Further calls add names.</summary>
    /// <param name="name">The stored name of the aggregate.</param>
    /// <exception cref="ArgumentException">The name is empty or cannot be stored.</exception>
    public EventFilter OfAggregate(string name) => Add(_aggregateTypes, [name], nameof(name));

    /// <summary>Lets events pass that have this header with this value. Further calls demand further headers.</summary>
    /// <exception cref="ArgumentException">The key is empty, or a text holds NUL or a lone surrogate.</exception>
    public EventFilter WithHeader(string key, string value)
    {
        EventHeaders.Check(key, value);
        _headers[key] = value;
        return this;
    }

    /// <summary>
    /// Lets events pass that have this tag, by <see cref="TagAttribute"/> or given when they were appended. Further calls demand further
    /// tags.
    /// </summary>
    /// <remarks>
    /// In one tenant an index finds the events, however long the log is. The tenant is that of the session, or one that
    /// <see cref="OfTenants(TenantId[])"/> names. The same tag of different tenants says nothing of the same thing.
    /// </remarks>
    /// <exception cref="ArgumentException">The tag is <see langword="default"/>.</exception>
    public EventFilter WithTag(Tag tag)
    {
        Tag.ThrowIfDefault(tag);
        _tags.Add(tag.ToString());
        return this;
    }

    /// <inheritdoc cref="WithTag(Tag)"/>
    /// <exception cref="ArgumentException">Name and value are no <see cref="Tag(string, Guid)"/>.</exception>
    public EventFilter WithTag(string name, Guid value) => WithTag(new Tag(name, value));

    /// <inheritdoc cref="WithTag(Tag)"/>
    /// <exception cref="ArgumentException">Name and value are no <see cref="Tag(string, string)"/>.</exception>
    public EventFilter WithTag(string name, string value) => WithTag(new Tag(name, value));

    /// <summary>Lets events pass from this timestamp on. Timestamps come from the writers' clocks, so they are no order.</summary>
    public EventFilter From(DateTimeOffset earliest)
    {
        Earliest = earliest.ToUniversalTime();
        return this;
    }

    /// <summary>Lets events pass up to this timestamp, itself included.</summary>
    public EventFilter Until(DateTimeOffset latest)
    {
        Latest = latest.ToUniversalTime();
        return this;
    }

    /// <summary>Reads these tenants, whatever the tenant of the session. Further calls add tenants.</summary>
    /// <exception cref="ArgumentException">No tenant is given.</exception>
    public EventFilter OfTenants(params TenantId[] tenants) => OfTenants((IEnumerable<TenantId>)tenants);

    /// <inheritdoc cref="OfTenants(TenantId[])"/>
    public EventFilter OfTenants(IEnumerable<TenantId> tenants)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        return Add(_tenants, tenants.Select(static tenant => tenant.Value), nameof(tenants));
    }

    /// <summary>Reads all tenants, whatever the tenant of the session. For operators; not for requests of one tenant.</summary>
    public EventFilter OfAnyTenant()
    {
        IsOfAnyTenant = true;
        return this;
    }

    /// <summary>
    /// The filter as it is now, for one tenant: whatever tenants it names, events of the others do not pass. For requests of a tenant that
    /// are given a filter.
    /// </summary>
    /// <returns>A filter of its own: further calls change only one of the two.</returns>
    public EventFilter ForTenant(TenantId tenantId)
    {
        var copy = CopyForAll();
        copy._tenants.Add(tenantId.Value);
        return copy;
    }

    /// <summary>The filter as it is now, but for the tenants that it names.</summary>
    internal EventFilter CopyForAll()
    {
        var copy = new EventFilter
        {
            _isOfEveryType = _isOfEveryType,
            _isOnlyActive = _isOnlyActive,
            _includedState = _includedState,
            Earliest = Earliest,
            Latest = Latest,
        };
        copy._typeNames.UnionWith(_typeNames);
        copy._streamIds.UnionWith(_streamIds);
        copy._streamPrefixes.UnionWith(_streamPrefixes);
        copy._aggregateTypes.UnionWith(_aggregateTypes);
        copy._tags.UnionWith(_tags);
        foreach (var (key, value) in _headers)
            copy._headers.Add(key, value);

        return copy;
    }

    /// <summary>Lets events of archived streams pass too.</summary>
    /// <remarks>Followers of the log get them anyway.</remarks>
    public EventFilter IncludeArchived() => Include(StreamStates.Archived);

    /// <summary>
    /// Lets events of archived and deleted streams pass too: all that can be shown again. Use it to read the log up to a bookmark and go on
    /// there later; otherwise events that are passed over while their stream is hidden never come. Events of tombstoned streams, and
    /// truncated events, never pass.
    /// </summary>
    /// <remarks>Followers of the log get them anyway.</remarks>
    public EventFilter IncludeDeleted() => Include(StreamStates.Deleted);

    /// <summary>
    /// Keeps events of archived and deleted streams from followers of the log, unless they are included. An event that is passed over while
    /// its stream is hidden never comes, even if the stream is shown again.
    /// </summary>
    public EventFilter OnlyActive()
    {
        _isOnlyActive = true;
        return this;
    }

    /// <summary>What passes, in one line: <c>events of type 'order-placed' or 'order-paid', of tenant 'a'</c>.</summary>
    public override string ToString()
    {
        string?[] conditions =
        [
            Say("of type", " or ", Quoted(TypeNames)),
            Say("of stream", " or ", [.. Quoted(_streamIds), .. Quoted(_streamPrefixes).Select(static prefix => $"{prefix}…")]),
            Say("of aggregate", " or ", Quoted(_aggregateTypes)),
            Say("with header", " and ", _headers.Select(static header => $"'{header.Key}' = '{header.Value}'")),
            Say("with tag", " and ", Quoted(_tags)),
            Earliest is { } earliest ? $"from {TextOf(earliest)}" : null,
            Latest is { } latest ? $"until {TextOf(latest)}" : null,
            IsOfAnyTenant ? "of any tenant" : Say("of tenant", " or ", Quoted(_tenants)),
            SayStates(),
        ];
        var said = string.Join(", ", conditions.OfType<string>());
        return said.Length == 0 ? "all events" : $"events {said}";
    }

    /// <summary>Lets events of all types pass, even of unregistered ones, whatever other types are named.</summary>
    internal EventFilter OfEveryType()
    {
        _isOfEveryType = true;
        return this;
    }

    /// <summary>The highest state of the streams whose events pass.</summary>
    /// <param name="byDefault">What the reader sees if the filter says nothing.</param>
    internal short Sees(short byDefault) => Math.Max(_isOnlyActive ? StreamStates.Active : byDefault, _includedState);

    // In the order of their characters, not of the calls.
    private static string? Say(string condition, string separator, IEnumerable<string> values) =>
        string.Join(separator, values.Order(StringComparer.Ordinal)) is { Length: > 0 } said ? $"{condition} {said}" : null;

    private static IEnumerable<string> Quoted(IEnumerable<string> texts) => texts.Select(static text => $"'{text}'");

    private static string TextOf(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private string? SayStates() => (_isOnlyActive, _includedState) switch
    {
        (_, StreamStates.Deleted) => "of archived and deleted streams too",
        (false, StreamStates.Archived) => "of archived streams too",
        (true, StreamStates.Archived) => "of active and archived streams only",
        (true, _) => "of active streams only",
        _ => null,
    };

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
            throw new ArgumentException("The filter lists nothing here, so no event could pass.", parameterName);

        foreach (var value in added)
        {
            ArgumentException.ThrowIfNullOrEmpty(value, parameterName);
            StorableText.Check(value, parameterName);
        }

        set.UnionWith(added);
        return this;
    }
}
