namespace FluentEventStore.Proofs.Events.Reading.Differential;

/// <summary>A filter, and what it lets pass according to the model.</summary>
internal sealed class RandomFilter
{
    private readonly Random _random;
    private readonly List<Func<LoggedEvent, bool>> _conditions = [];
    private readonly List<string> _described = [];
    private HashSet<string>? _tenants;
    private bool _isOfAnyTenant;
    private bool _isOnlyActive;
    private int _included;

    public RandomFilter(Random random)
    {
        _random = random;
        Sometimes(4, Tenants);
        Sometimes(3, Types);
        Sometimes(2, Streams);
        Sometimes(6, () => Add(Filter.OfAggregate("account"), static e => e.Stream.AggregateType == "account", "of account"));
        Sometimes(
            6, () => Add(Filter.WithHeader("source", "import"), static e => e.Headers.GetValueOrDefault("source") == "import", "imported"));
        Sometimes(4, Tags);
        Sometimes(6, Times);
        Sometimes(3, States);
    }

    public EventFilter Filter { get; } = new();

    /// <summary>The events that pass for a reader of a tenant, or for a follower if the tenant is null.</summary>
    public IEnumerable<LoggedEvent> Of(IEnumerable<LoggedEvent> events, string? reader)
    {
        var byDefault = reader is null && !_isOnlyActive ? LoggedStream.Deleted : LoggedStream.Active;
        return events.Where(e => e.IsKept
            && e.Stream.State <= Math.Max(byDefault, _included)
            && (_isOfAnyTenant || (_tenants?.Contains(e.Stream.TenantId.Value) ?? (reader is null || e.Stream.TenantId.Value == reader)))
            && _conditions.TrueForAll(condition => condition(e)));
    }

    public override string ToString() => string.Join(", ", _described);

    private void Sometimes(int oneIn, Action add)
    {
        if (_random.Next(oneIn) == 0)
            add();
    }

    private void Add(EventFilter filter, Func<LoggedEvent, bool> condition, string described)
    {
        filter.ShouldBe(Filter);
        _conditions.Add(condition);
        _described.Add(described);
    }

    private void Tenants()
    {
        if (_random.Next(3) == 0)
        {
            Filter.OfAnyTenant();
            _isOfAnyTenant = true;
            _described.Add("any tenant");
            return;
        }

        _tenants = [.. Pick(RandomLog.Tenants)];
        Filter.OfTenants(_tenants.Select(static tenant => new TenantId(tenant)));
        _described.Add($"tenants {string.Join(' ', _tenants)}");
    }

    private void Types()
    {
        string[] names = [.. Pick("note-taken", "amount-entered", "unheard-of")];
        Add(Filter.OfTypes(names), e => names.Contains(e.TypeName), $"types {string.Join(' ', names)}");
    }

    private void Streams()
    {
        string[] ids = _random.Next(2) == 0
            ? [RandomLog.StreamIds[_random.Next(RandomLog.StreamIds.Length)]]
            : [.. Pick([.. RandomLog.StreamIds, "nowhere"])];
        string[] prefixes = [.. Pick("a", "a-", "b-2", "ç", "z")];
        var which = _random.Next(3);
        (ids, prefixes) = (which == 1 ? [] : ids, which == 0 ? [] : prefixes);
        foreach (var id in ids)
            Filter.OfStream(id);
        foreach (var prefix in prefixes)
            Filter.OfStreams(prefix);

        Add(
            Filter,
            e => ids.Contains(e.Stream.Id) || prefixes.Any(prefix => e.Stream.Id.StartsWith(prefix, StringComparison.Ordinal)),
            $"streams {string.Join(' ', ids)} and {string.Join(' ', prefixes)}");
    }

    private void Tags()
    {
        string[] tags = [.. Pick("batch:1", "batch:2", "by:ç", "by:nobody")];
        foreach (var tag in tags)
            Filter.WithTag(Tag.Parse(tag));

        Add(Filter, e => tags.All(e.Tags.Contains), $"tags {string.Join(' ', tags)}");
    }

    private void Times()
    {
        var earliest = RandomLog.Start.AddMinutes(_random.Next(500));
        var latest = RandomLog.Start.AddMinutes(_random.Next(400, 1_000));
        Add(
            Filter.From(earliest).Until(latest),
            e => e.Timestamp >= earliest && e.Timestamp <= latest,
            $"from {earliest:HH:mm} until {latest:HH:mm}");
    }

    private void States()
    {
        if (_random.Next(2) == 0)
        {
            Filter.OnlyActive();
            _isOnlyActive = true;
            _described.Add("only active");
        }

        _included = _random.Next(3);
        if (_included == LoggedStream.Archived)
            Filter.IncludeArchived();
        if (_included == LoggedStream.Deleted)
            Filter.IncludeDeleted();

        _described.Add($"included {_included}");
    }

    private List<string> Pick(params string[] values) => [.. values.OrderBy(_ => _random.Next()).Take(_random.Next(1, values.Length))];
}
