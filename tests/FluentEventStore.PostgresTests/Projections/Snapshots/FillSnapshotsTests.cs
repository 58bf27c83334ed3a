using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

/// <summary>Inline snapshots that are kept of streams which were there before.</summary>
public sealed class FillSnapshotsTests(SnapshotStore bank) : IClassFixture<SnapshotStore>, IAsyncLifetime
{
    private readonly Guid[] _ids = [.. Enumerable.Range(0, 5).Select(static _ => Guid.NewGuid())];
    private EventStore _without = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _without = bank.CreateStoreWithoutSnapshots();
        foreach (var id in _ids)
            await SaveAsync(
                _without,
                default,
                session => session.Events.StartStream<Account>(id, new AccountOpened(id, "Ada", "EUR"), new MoneyDeposited(id, 5)));
    }

    public ValueTask DisposeAsync() => _without.DisposeAsync();

    [Fact]
    public async Task Filled_snapshots_are_what_is_folded_live()
    {
        (await bank.Store.FillSnapshotsAsync<Account>(cancellationToken: Cancellation)).ShouldBeGreaterThanOrEqualTo(_ids.Length);

        (await RowsAsync()).ShouldBe("5 5 5 5 5");
        (await LoadAsync()).Select(static account => account.Balance).ShouldBe([5, 5, 5, 5, 5]);
        await SaveAsync(bank.Store, default, session => session.Events.Append(_ids[0], new MoneyDeposited(_ids[0], 1)));
        (await LoadAsync()).Sum(static account => account.Balance).ShouldBe(26);
    }

    [Fact]
    public async Task Existing_snapshots_stay_as_they_are_and_those_that_lag_behind_catch_up()
    {
        await SaveAsync(bank.Store, default, session => session.Events.Append(_ids[0], new MoneyDeposited(_ids[0], 1)));
        await SaveAsync(bank.Store, default, session => session.Events.Append(_ids[1], new MoneyDeposited(_ids[1], 1)));
        await SaveAsync(_without, default, session => session.Events.Append(_ids[1], new MoneyDeposited(_ids[1], 1)));
        var written = await WrittenAsync(_ids[0]);
        (await RowsAsync()).ShouldBe("6 6");

        await bank.Store.FillSnapshotsAsync<Account>(cancellationToken: Cancellation);

        (await RowsAsync()).ShouldBe("5 5 5 6 7");
        (await LoadAsync()).Select(static account => account.Balance).Order().ShouldBe([5, 5, 5, 6, 7]);
        (await WrittenAsync(_ids[0])).ShouldBe(written);
    }

    [Fact]
    public async Task Hidden_streams_and_those_that_the_aggregate_does_not_handle_get_no_snapshot()
    {
        var other = Guid.NewGuid();
        await SaveAsync(_without, default, session => session.Events.ArchiveStream(_ids[0]));
        await SaveAsync(_without, default, session => session.Events.Append(other, new NoteTaken("no account")));
        await SaveAsync(_without, default, session => session.Events.Append("not-a-guid", new NoteTaken("no account")));

        await bank.Store.FillSnapshotsAsync<Account>(cancellationToken: Cancellation);

        (await RowsAsync()).ShouldBe("5 5 5 5");
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_account where id in ('{_ids[0]}', '{other}')")).ShouldBe(0L);
        (await LoadAsync()).Count.ShouldBe(4);
        await using var session = bank.Store.OpenQuerySession();
        (await session.LoadAsync<Account>(other, Cancellation)).ShouldBeNull();
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.streams where version = 0")).ShouldBe(0L);
    }

    [Fact]
    public async Task Each_tenant_gets_its_own_snapshots()
    {
        var id = Guid.NewGuid();
        foreach (var (tenant, amount) in new[] { ("a", 1), ("b", 2) })
            await SaveAsync(
                _without,
                tenant,
                session => session.Events.StartStream<Account>(id, new AccountOpened(id, "Ada", "EUR"), new MoneyDeposited(id, amount)));

        await bank.Store.FillSnapshotsAsync<Account>(cancellationToken: Cancellation);

        (await bank.ExecuteAsync(
            "select string_agg(concat(tenant, ' ', data->>'balance', ' at ', version), ', ' order by tenant) "
                + $"from {{schema}}.doc_account where id = '{id}'"))
            .ShouldBe("a 1 at 2, b 2 at 2");
        foreach (var (tenant, amount) in new[] { ("a", 1), ("b", 2) })
        {
            await using var session = bank.Store.OpenQuerySession(tenant);
            (await session.LoadAsync<Account>(id, Cancellation))!.Balance.ShouldBe(amount);
        }
    }

    [Fact]
    public async Task Writers_may_go_on_meanwhile()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = Enumerable.Range(0, 4).Select(async writer =>
        {
            var count = 0;
            while (!ended.IsCancellationRequested)
            {
                var store = writer % 2 == 0 ? bank.Store : _without;
                await SaveAsync(store, default, session => session.Events.Append(_ids[2], new MoneyDeposited(_ids[2], 1)));
                count++;
            }

            return count;
        }).ToArray();
        for (var round = 0; round < 10; round++)
            await bank.Store.FillSnapshotsAsync<Account>(cancellationToken: Cancellation);

        await ended.CancelAsync();
        var deposits = (await Task.WhenAll(writing)).Sum();
        await bank.Store.FillSnapshotsAsync<Account>(cancellationToken: Cancellation);

        (await RowsAsync()).ShouldBe($"5 5 5 5 {5 + deposits}");
        await using var reading = bank.Store.OpenQuerySession();
        (await reading.LoadAsync<Account>(_ids[2], Cancellation))!.Balance.ShouldBe(5 + deposits);
        (await reading.Events.FetchStreamStateAsync(_ids[2], Cancellation))!.Version.ShouldBe(2 + deposits);
    }

    [Fact]
    public async Task Progress_is_reported_and_an_interrupted_filling_starts_again()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(
            () => bank.Store.FillSnapshotsAsync<Account>(cancellationToken: cancellation.Token));
        var told = new Told();

        var looked = await bank.Store.FillSnapshotsAsync<Account>(told, Cancellation);

        told.Last.ShouldBe(looked);
        (await RowsAsync()).ShouldBe("5 5 5 5 5");
        (await LoadAsync()).Count.ShouldBe(_ids.Length);
    }

    [Fact]
    public async Task What_is_not_kept_inline_is_refused()
    {
        await Should.ThrowAsync<ArgumentException>(() => _without.FillSnapshotsAsync<Account>(cancellationToken: Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => bank.Store.FillSnapshotsAsync<Customer>(cancellationToken: Cancellation));
    }

    private static async Task SaveAsync(EventStore store, TenantId tenant, Action<IDocumentSession> work)
    {
        await using var session = store.OpenSession(tenant);
        work(session);
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task<IReadOnlyList<Account>> LoadAsync()
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.LoadManyAsync<Account>(_ids, Cancellation);
    }

    // Without a row, readers fold the events: so only the table tells that snapshots are kept.
    private Task<object?> RowsAsync() => bank.ExecuteAsync(
        "select string_agg(data->>'balance', ' ' order by (data->>'balance')::numeric) from {schema}.doc_account "
            + $"where tenant = 'default' and id in ({string.Join(", ", _ids.Select(static id => $"'{id}'"))})");

    private Task<object?> WrittenAsync(Guid id) => bank.ExecuteAsync($"select xmin::text from {{schema}}.doc_account_v1 where id = '{id}'");

    private sealed class Told : IProgress<long>
    {
        public long Last { get; private set; }

        public void Report(long value) => Last = value;
    }
}
