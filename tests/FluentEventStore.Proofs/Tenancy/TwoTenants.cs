using System.Text;

namespace FluentEventStore.Proofs.Tenancy;

/// <summary>Two tenants that use the same ids for everything, and do everything that a session can, at random.</summary>
internal sealed class TwoTenants
{
    private const int MostSteps = 60;

    private readonly IEventStore _store;
    private readonly Random _random;
    private readonly List<Guid> _streams;
    private readonly Guid[] _customers;
    private readonly Dictionary<string, Func<TenantId, Task>> _verbs;
    private int _imports;

    public TwoTenants(IEventStore store, int seed)
    {
        (_store, _random) = (store, new Random(seed));
        _streams = [.. Enumerable.Range(0, 4).Select(_ => NewId())];
        _customers = [.. Enumerable.Range(0, 3).Select(_ => NewId())];
        _verbs = new(StringComparer.Ordinal)
        {
            ["start"] = tenant => SaveAsync(
                tenant, (s, id) => s.Events.StartStream<Account>(id, new AccountOpened(id, $"{tenant}", "EUR"))),
            ["append"] = tenant => SaveAsync(
                tenant, (s, id) => s.Events.Append(id, new MoneyDeposited(id, 5), new AmountEntered(_random.Next()))),
            ["append at a version"] = AppendAtVersionAsync,
            ["expect"] = tenant => SaveAsync(tenant, (s, id) =>
            {
                s.Events.Expect(id, ExpectedVersion.StreamExists);
                s.Store(NewCustomer());
            }),
            ["link"] = LinkAsync,
            ["archive"] = tenant => SaveAsync(tenant, (s, id) => s.Events.ArchiveStream(id)),
            ["unarchive"] = tenant => SaveAsync(tenant, (s, id) => s.Events.UnarchiveStream(id)),
            ["delete"] = tenant => SaveAsync(tenant, (s, id) => s.Events.DeleteStream(id)),
            ["undelete"] = tenant => SaveAsync(tenant, (s, id) => s.Events.UndeleteStream(id)),
            ["tombstone"] = TombstoneAsync,
            ["delete without a trace"] = tenant => SaveAsync(tenant, (s, id) => s.Events.HardDeleteStream(id)),
            ["truncate"] = tenant => SaveAsync(tenant, (s, id) => s.Events.TruncateStream(id, 2)),
            ["compact"] = tenant => SaveAsync(
                tenant, (s, id) => s.Events.CompactStream(id, 1 + _random.Next(3), new BalanceCarried(_random.Next()))),
            ["decide"] = DecideAsync,
            ["decide over a tag"] = DecideOverTagAsync,
            ["store"] = tenant => SaveAsync(tenant, (s, _) => s.Store(NewCustomer())),
            ["insert"] = tenant => SaveAsync(tenant, (s, _) => s.Insert(NewCustomer())),
            ["update"] = tenant => SaveAsync(tenant, (s, _) => s.Update(NewCustomer())),
            ["delete a document"] = tenant => SaveAsync(tenant, (s, _) => s.Delete<Customer>(_customers[_random.Next(_customers.Length)])),
            ["register"] = tenant => SaveAsync(
                tenant, (s, id) => s.Events.Append(id, new PersonRegistered(id, $"of {tenant}", "", null, default, null))),
            ["forget"] = async tenant => _ = await _store.Privacy.ForgetAsync(PickStream(), tenant, Cancellation),
            ["import and export"] = TransferAsync,
        };
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TagQuery Course => TagQuery.Tagged("course", $"{_customers[0]}");

    /// <summary>
    /// Runs verbs at random, mostly such as have not changed anything yet, and checks after each that the other tenant is as it was.
    /// </summary>
    public async Task RunAsync(TenantId first, TenantId second)
    {
        var seen = new Dictionary<TenantId, string> { [first] = await DescribeAsync(first), [second] = await DescribeAsync(second) };
        var outstanding = _verbs.Keys.SelectMany(verb => (IEnumerable<(string, TenantId)>)[(verb, first), (verb, second)]).ToHashSet();
        var all = outstanding.Count;
        for (var step = 0; step < MostSteps && outstanding.Count > 0; step++)
        {
            // Mostly verbs that have not worked yet; others in between, since some verbs need what another has done.
            var (verb, tenant) = _random.Next(3) > 0
                ? outstanding.ElementAt(_random.Next(outstanding.Count))
                : (_verbs.Keys.ElementAt(_random.Next(_verbs.Count)), _random.Next(2) == 0 ? first : second);
            var other = tenant == first ? second : first;
            await AttemptAsync(verb, tenant);
            if (_random.Next(10) == 0)
                await _store.DatabaseOf(tenant).ScrubAsync(cancellationToken: Cancellation);

            (await DescribeAsync(other)).ShouldBe(seen[other], $"'{verb}' of {tenant} touched {other} in step {step}");
            var now = await DescribeAsync(tenant);
            if (now != seen[tenant])
                outstanding.Remove((verb, tenant));

            seen[tenant] = now;
            now.ShouldNotContain($"of {other}");
        }

        outstanding.Count.ShouldBeLessThan(all * 3 / 4, "most verbs never changed anything");
    }

    private async Task AttemptAsync(string verb, TenantId tenant)
    {
        try
        {
            await _verbs[verb](tenant);
        }
        catch (FluentEventStoreException)
        {
            // A stream in another state, a document that exists: random verbs often do not fit.
        }
    }

    private async Task SaveAsync(TenantId tenant, Action<IDocumentSession, Guid> change)
    {
        await using var session = _store.OpenSession(tenant);
        change(session, PickStream());
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task AppendAtVersionAsync(TenantId tenant)
    {
        await using var session = _store.OpenSession(tenant);
        var id = PickStream();
        var state = await session.Events.FetchStreamStateAsync(id, Cancellation);
        session.Events.Append(id, state is null ? ExpectedVersion.NoStream : ExpectedVersion.Exactly(state.Version), new AmountEntered(1));
        await session.SaveChangesAsync(Cancellation);
    }

    /// <summary>Links an event of the tenant's own, after one of somebody else was refused.</summary>
    private async Task LinkAsync(TenantId tenant)
    {
        await using var session = _store.OpenSession(tenant);
        var id = PickStream();
        await foreach (var @event in session.Events.ReadAllAsync(new EventFilter().OfAnyTenant(), Cancellation))
        {
            if (@event.TenantId == tenant)
                continue;

            (await session.Events.FetchEventAsync(@event.Id, cancellationToken: Cancellation)).ShouldBeNull();
            session.Events.LinkTo(Guid.NewGuid(), [@event.Id]);
            await Should.ThrowAsync<LinkRefusedException>(() => session.SaveChangesAsync(Cancellation));
            session.EjectAllPendingChanges();
            break;
        }

        var own = await session.Events.ReadAllAsync(cancellationToken: Cancellation)
            .FirstOrDefaultAsync(e => e.StreamId != id, Cancellation);
        if (own is null)
            return;

        session.Events.LinkTo(id, own);
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task TombstoneAsync(TenantId tenant)
    {
        await using var session = _store.OpenSession(tenant);
        session.Events.TombstoneStream(PickStream());
        await session.SaveChangesAsync(Cancellation);
        _streams.Add(NewId());
    }

    private async Task DecideAsync(TenantId tenant)
    {
        await using var session = _store.OpenSession(tenant);
        var stream = await session.Events.FetchForWritingAsync<Account>(PickStream(), cancellationToken: Cancellation);
        stream.Append(new MoneyDeposited(NewId(), 1));
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task DecideOverTagAsync(TenantId tenant)
    {
        await using var session = _store.OpenSession(tenant);
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(Course, Cancellation);
        boundary.Append(PickStream(), boundary.Aggregate is null
            ? new CourseOffered($"{_customers[0]}", 10)
            : new StudentEnrolled($"{_customers[0]}", new StudentId(NewId())));
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task TransferAsync(TenantId tenant)
    {
        var transfer = _store.DatabaseOf(tenant).Transfer;
        var imported = new ImportedEvent($"import-{++_imports / 2}", 1, new NoteTaken($"of {tenant}"))
        {
            TenantId = tenant,
            Timestamp = DateTimeOffset.UnixEpoch
        };
        await transfer.ImportAsync(AsyncEnumerable.Repeat(imported, 1), cancellationToken: Cancellation);

        var file = new MemoryStream();
        var report = await transfer.ExportAsync(file, new ExportOptions { TenantId = tenant }, Cancellation);
        var lines = Encoding.UTF8.GetString(file.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // Links and forgotten subjects have lines of their own.
        lines[1..^1].LongCount(static line => line.Contains("\"typeVersion\":", StringComparison.Ordinal)).ShouldBe(report.Events);
        lines[1..^1].ShouldAllBe(line => line.Contains($"\"tenant\":\"{tenant}\"", StringComparison.Ordinal));
    }

    /// <summary>All that the tenant can read.</summary>
    private async Task<string> DescribeAsync(TenantId tenant)
    {
        await using var session = _store.OpenSession(tenant);
        var text = new StringBuilder();
        var page = await session.Events.ListStreamsAsync(
            new StreamQuery { IncludeArchived = true, IncludeDeleted = true, PageSize = StreamQuery.MaxPageSize }, Cancellation);
        text.AppendJoin('\n', page.Streams).AppendLine();
        await foreach (var @event in session.Events.ReadAllAsync(new EventFilter().IncludeArchived(), Cancellation))
            Add(@event);

        foreach (var id in _streams)
        {
            foreach (var @event in await session.Events.FetchStreamAsync(id, new StreamRange { IncludeArchived = true }, Cancellation))
                Add(@event);

            AddLine(await session.Events.FetchLatestAsync<Account>(id, Cancellation));
            AddLine(await session.LoadAsync<Account>(id, Cancellation));
            AddLine(await session.Events.AggregateStreamAsync<Ledger>(id, cancellationToken: Cancellation));
        }

        text.AppendJoin('\n', await session.LoadManyAsync<Customer>(_customers, Cancellation)).AppendLine();
        AddLine((await session.Events.FetchForWritingAsync<Enrolment>(Course, Cancellation)).Aggregate);
        return text.ToString();

        // A stream that was never written leaves no line: another tenant may have made its id up.
        void AddLine(object? value)
        {
            if (value is not null)
                text.AppendLine($"{value}");
        }

        void Add(IEvent @event)
        {
            @event.TenantId.ShouldBe(tenant);
            AddLine(
                FormattableString.Invariant(
                    $"{@event.StreamId} {@event.Version} {@event.Position} {@event.Id} {@event.Data} {@event.Link}"));
        }
    }

    private Guid PickStream() => _streams[_random.Next(_streams.Count)];

    private Customer NewCustomer() => new() { Id = _customers[_random.Next(_customers.Length)], Name = $"{_random.Next()}" };

    private Guid NewId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
