using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Aggregates;

public sealed class LiveSnapshotTests(BankStore bank) : IClassFixture<BankStore>, IAsyncLifetime
{
    private readonly Guid _id = Guid.NewGuid();
    private EventStore _store = null!;

    public static TheoryData<string> ChangesOfThePast => ["truncate", "compact", "mask", "tombstone", "hard-delete", "delete", "archive"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _store = CreateStore();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public void Snapshots_of_aggregates_without_an_id_and_numbers_below_1_are_refused_at_the_call()
    {
#pragma warning disable FES0051 // What the compiler is told, the store says too.
        Should.Throw<ArgumentException>(() => bank.CreateStore(static options => options.Projections.SnapshotLive<Ledger>())).Message
            .ShouldContain("Id");
        Should.Throw<ArgumentException>(() => bank.CreateStore(static options => options.Projections.SnapshotLive<Counter>()));
#pragma warning restore FES0051
        Should.Throw<ArgumentOutOfRangeException>(
            () => bank.CreateStore(static options => options.Projections.SnapshotLive<Account>(every: 0)));
        Should.Throw<ArgumentOutOfRangeException>(
            () => bank.CreateStore(static options => options.Projections.SnapshotLive<Account>(every: 1, version: 0)));
    }

    [Fact]
    public async Task Deleting_the_snapshots_of_an_aggregate_tells_how_many_there_were()
    {
        await FillAsync();
        await ReadAsync();
        (await _store.DeleteSnapshotsAsync<Account>(Cancellation)).ShouldBePositive();
        (await SnapshotAsync()).ShouldBeNull();
        (await ReadAsync()).ShouldBe(Expected(12));
        await Should.ThrowAsync<ArgumentException>(() => _store.DeleteSnapshotsAsync<Counter>(Cancellation));
    }

    [Fact]
    public async Task A_reader_does_not_wait_for_a_change_of_the_past_of_the_stream()
    {
        await bank.AppendAsync(_id, [new AccountOpened(_id, "Ada", "EUR"), .. Deposits(12)]);
        await ReadAsync();
        (await SnapshotAsync()).ShouldNotBeNull();
        await bank.AppendAsync(_id, Deposits(12));
        await using var connection = new Npgsql.NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var session = _store.OpenSession(new SessionOptions { Transaction = transaction });
        session.Events.TruncateStream(_id, 2);
        await session.SaveChangesAsync(Cancellation);

        // Twice as many as there are connections, while the row of the snapshot is locked.
        await using var small = CreateStore(options => options.Connection(bank.StoreConnectionString + ";Maximum Pool Size=2"));
        var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadAsync(small), Cancellation)));
        (await reading.WaitAsync(Eventually.HangGuard, Cancellation)).ShouldAllBe(account => account == Expected(24));
        await transaction.RollbackAsync(Cancellation);
    }

    [Fact]
    public async Task A_snapshot_is_kept_after_the_given_number_of_folded_events_and_read_from_then_on()
    {
        await bank.AppendAsync(_id, [new AccountOpened(_id, "Ada", "EUR"), .. Deposits(8)]);
        (await ReadAsync()).ShouldBe(Expected(8));
        (await SnapshotAsync()).ShouldBeNull();

        await bank.AppendAsync(_id, Deposits(1));
        (await ReadAsync()).ShouldBe(Expected(9));
        (await SnapshotAsync()).ShouldBe(10L);

        // Nothing but the snapshot says so.
        await bank.ExecuteAsync($"update {{schema}}.snapshots set data = jsonb_set(data, '{{owner}}', '\"Charles\"') where {Mine}");
        (await ReadAsync()).ShouldBe(Expected(9) with { Owner = "Charles" });
        await bank.AppendAsync(_id, Deposits(3));
        (await ReadAsync()).ShouldBe(Expected(12) with { Owner = "Charles" });
        await using var session = _store.OpenSession();
        (await session.Events.AggregateStreamAsync<Account>(_id, new StreamRange { To = 9 }, Cancellation)).ShouldBe(Expected(8));
        (await session.Events.AggregateStreamAsync<Account>(_id, new StreamRange { To = 11 }, Cancellation)).ShouldBe(
            Expected(10) with { Owner = "Charles" });
        (await session.Events.AggregateStreamAsync<Account>(_id, new StreamRange { Until = DateTimeOffset.MaxValue }, Cancellation))
            .ShouldBe(Expected(12));
        var stream = await session.Events.FetchForWritingAsync<Account>(_id, cancellationToken: Cancellation);
        (stream.Version, stream.Aggregate).ShouldBe((13, Expected(12) with { Owner = "Charles" }));
        (await SnapshotAsync()).ShouldBe(10L);

        stream.Append(Deposits(7));
        await session.SaveChangesAsync(Cancellation);
        (await session.Events.FetchForWritingAsync<Account>(_id, cancellationToken: Cancellation)).Version.ShouldBe(20);
        (await SnapshotAsync()).ShouldBe(20L);
    }

    [Fact]
    public async Task A_stream_without_events_after_its_snapshot_is_written_at_its_version()
    {
        await FillAsync();
        await ReadAsync();
        await using var session = _store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Account>(_id, ExpectedVersion.Exactly(13), Cancellation);
        stream.Append(new MoneyDeposited(_id, 1m));
        (await session.SaveChangesAsync(Cancellation)).Streams[_id].ShouldBe(new StreamCommit(14, 14));
    }

    [Theory]
    [InlineData("version = version + 1000")]
    [InlineData("version = version - 2")]
    [InlineData("version = 0")]
    [InlineData("rewritten = rewritten + 1")]
    [InlineData("shape = '2/' || version")]
    [InlineData("data = '{\"id\": 7}'")]
    [InlineData("data = '[]'")]
    public async Task A_snapshot_that_does_not_fit_is_not_used_and_replaced(string tampering)
    {
        await FillAsync();
        await ReadAsync();
        var owner = tampering.StartsWith("data", StringComparison.Ordinal) ? "" : ", data = jsonb_set(data, '{owner}', '\"Charles\"')";
        await bank.ExecuteAsync($"update {{schema}}.snapshots set {tampering}{owner} where {Mine}");

        (await ReadAsync()).ShouldBe(Expected(12));
        await using (var session = _store.OpenSession())
        {
            var stream = await session.Events.FetchForWritingAsync<Account>(_id, cancellationToken: Cancellation);
            (stream.Version, stream.Aggregate).ShouldBe((13, Expected(12)));
        }

        (await bank.ExecuteAsync($"select version || ' ' || shape || ' ' || (data->>'owner') from {{schema}}.snapshots where {Mine}"))
            .ShouldBe("13 1/13 Ada");
    }

    [Theory]
    [MemberData(nameof(ChangesOfThePast))]
    public async Task Changing_the_past_of_a_stream_invalidates_its_snapshots(string verb)
    {
        await FillAsync();
        await ReadAsync();
        (await SnapshotAsync()).ShouldBe(13L);
        var kept = await bank.ExecuteAsync(
            "select stream || ',''' || aggregate || ''',' || version || ',' || rewritten || ',''' || shape || ''',''' || data || '''' "
                + $"from {{schema}}.snapshots where {Mine}");
        await ChangeAsync(verb);
        if (verb is not ("delete" or "archive"))
            (await SnapshotAsync()).ShouldBeNull();

        var expected = await ReadAsync(bank.Store);
        (await ReadAsync()).ShouldBe(expected);

        // A reader who read before the change writes after it.
        await bank.ExecuteAsync($"insert into {{schema}}.snapshots values ({kept}) on conflict do nothing");
        (await ReadAsync()).ShouldBe(expected);
        if (verb == "mask")
            expected!.Owner.ShouldBe("***");
    }

    [Theory]
    [MemberData(nameof(ChangesOfThePast))]
    public async Task A_state_that_is_outdated_when_it_is_folded_is_not_kept(string verb)
    {
        await bank.AppendAsync(_id, [new AccountOpened(_id, "Ada", "EUR"), .. Enumerable.Repeat(new NoteTaken("a"), 12)]);
        await using var session = _store.OpenQuerySession();
        var isInterrupted = false;
        Interrupted.With(async () =>
        {
            await ChangeAsync(verb);
            isInterrupted = true;
        });

        (await session.Events.FetchLatestAsync<Interrupted>(_id, Cancellation))!.Trail.ShouldBe("aaaaaaaaaaaa");
        isInterrupted.ShouldBeTrue();
        (await SnapshotAsync()).ShouldBeNull();
        await using var plain = bank.Store.OpenQuerySession();
        (await session.Events.FetchLatestAsync<Interrupted>(_id, Cancellation))?.Trail.ShouldBe(
            (await plain.Events.FetchLatestAsync<Interrupted>(_id, Cancellation))?.Trail);
    }

    [Fact]
    public async Task A_stream_with_links_is_folded_from_its_beginning()
    {
        await FillAsync();
        await ReadAsync();
        var other = Guid.NewGuid();
        await bank.AppendAsync(other, new MoneyDeposited(other, 100m));
        await using var session = bank.Store.OpenSession();
        session.Events.LinkTo(_id, (await bank.FetchAsync(other)).ToArray());
        await session.SaveChangesAsync(Cancellation);

        (await ReadAsync()).ShouldBe(Expected(112));
        await using var writer = _store.OpenSession();
        var stream = await writer.Events.FetchForWritingAsync<Account>(_id, cancellationToken: Cancellation);
        (stream.Version, stream.Aggregate).ShouldBe((14, Expected(112)));
    }

    [Fact]
    public async Task Nothing_is_kept_of_personal_data()
    {
        await bank.AppendAsync(
            _id, [new PersonRegistered(_id, "Ada", "", null, default, null), .. Enumerable.Repeat(new NoteTaken("x"), 20)]);
        await using var session = _store.OpenSession();
        (await session.Events.FetchLatestAsync<Person>(_id, Cancellation))!.Name.ShouldBe("Ada");
        (await SnapshotAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Reading_is_one_round_trip_and_writing_a_snapshot_one_more()
    {
        await FillAsync();
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await using var session = store.OpenSession();
        await session.Events.FetchStreamStateAsync(_id, Cancellation);

        (await CountAsync(() => session.Events.FetchLatestAsync<Account>(_id, Cancellation))).ShouldBe(2);
        (await CountAsync(() => session.Events.FetchLatestAsync<Account>(_id, Cancellation))).ShouldBe(1);
        (await CountAsync(() => session.Events.AggregateStreamAsync<Account>(_id, cancellationToken: Cancellation))).ShouldBe(1);
        (await CountAsync(() => session.Events.FetchForWritingAsync<Account>(_id, cancellationToken: Cancellation))).ShouldBe(1);

        async Task<int> CountAsync(Func<Task> read)
        {
            var before = proxy.RoundTrips;
            await read();
            return proxy.RoundTrips - before;
        }
    }

    [Fact]
    public async Task A_role_that_may_not_write_snapshots_reads_all_the_same()
    {
        await FillAsync();
        await bank.ExecuteAsync(
            "do $$ begin create role fes_snapshot_reader login password 'secret'; exception when duplicate_object then null; end $$; "
                + "grant usage on schema {schema} to fes_snapshot_reader; grant select on all tables in schema {schema} to "
                + "fes_snapshot_reader;");
        await using var store = CreateStore(
            options => options.Connection(bank.ConnectionString + ";Username=fes_snapshot_reader;Password=secret"));
        (await ReadAsync(store)).ShouldBe(Expected(12));
        (await SnapshotAsync()).ShouldBeNull();
    }

    private string Mine => $"stream = (select key from {bank.Schema}.streams where id = '{_id}')";

    private Account Expected(decimal balance) => new(_id, "Ada", balance);

    private object[] Deposits(int count) => [.. Enumerable.Repeat(new MoneyDeposited(_id, 1m), count)];

    private Task<Commit> FillAsync() => bank.AppendAsync(_id, [new AccountOpened(_id, "Ada", "EUR"), .. Deposits(12)]);

    private Task<object?> SnapshotAsync() => bank.ExecuteAsync($"select version from {{schema}}.snapshots where {Mine}");

    private async Task<Account?> ReadAsync(EventStore? store = null)
    {
        await using var session = (store ?? _store).OpenQuerySession();
        var latest = await session.Events.FetchLatestAsync<Account>(_id, Cancellation);
        (await session.Events.AggregateStreamAsync<Account>(_id, cancellationToken: Cancellation)).ShouldBe(latest);
        return latest;
    }

    private async Task ChangeAsync(string verb)
    {
        await using var session = _store.OpenSession();
        Action change = verb switch
        {
            "truncate" => () => session.Events.TruncateStream(_id, 5),
            "compact" => () => session.Events.CompactStream(_id, 4, new AccountOpened(_id, "Compact", "EUR")),
            "tombstone" => () => session.Events.TombstoneStream(_id),
            "hard-delete" => () => session.Events.HardDeleteStream(_id),
            "delete" => () => session.Events.DeleteStream(_id),
            "archive" => () => session.Events.ArchiveStream(_id),
            _ => static () => { },
        };
        change();
        await session.SaveChangesAsync(Cancellation);
        if (verb == "mask")
            (await _store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(1);
    }

    private EventStore CreateStore(Action<EventStoreOptions>? configure = null) => bank.CreateStore(options =>
    {
        options.Projections.SnapshotLive<Account>(every: 10);
        options.Projections.SnapshotLive<Person>(every: 10);
        options.Projections.SnapshotLive<Interrupted>(every: 10);
        options.Events.AllowHardDelete = true;
        options.Privacy.Mask<AccountOpened>(static e => e with { Owner = "***" });
        configure?.Invoke(options);
    });
}
