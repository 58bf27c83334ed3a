using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Telemetry;

/// <summary>A schema for each test. At its end, each test looks for what no message may hold.</summary>
public sealed class LogTests(PostgresServer server) : IAsyncLifetime
{
    private const string Secret = "a-secret";

    private readonly BankStore _bank = new(server);
    private readonly StreamId _id = Guid.NewGuid();
    private readonly LogRecorder _logs = new();
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _bank.DisposeAsync();
        var told = _logs.All.SelectMany(static one => one.Values.Values.Select(static value => $"{value}").Append(one.Text)).ToList();
        told.Where(static text => text.Contains(Secret, StringComparison.Ordinal)).ShouldBeEmpty();
        told.Where(static text => text.Contains("Host=", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        _logs.All.Where(static one => one.Exception is not null).ShouldBeEmpty();
        _logs.All.Where(static one => one.Values.TryGetValue("Schema", out var schema) && schema is "").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_transaction_that_holds_readers_back_for_long_is_named_once_and_its_end_is_told()
    {
        await using var store = CreateStore(options => options.WaitClock = _clock);
        await using var connection = new NpgsqlConnection($"{_bank.ConnectionString};Application Name=slow-importer");
        await connection.OpenAsync(Cancellation);
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await using var session = _bank.Store.OpenSession(new SessionOptions { Transaction = transaction });
            session.Events.Append(_id, new NoteTaken(Secret));
            await session.SaveChangesAsync(Cancellation);
            await _bank.AppendAsync($"{_id}-other", new NoteTaken(Secret));
            await store.Log.StatusAsync(Cancellation);
            _clock.Advance(TimeSpan.FromSeconds(9));
            await store.Log.StatusAsync(Cancellation);
            _logs.Of(1200).ShouldBeEmpty();

            _clock.Advance(TimeSpan.FromSeconds(1));
            await store.Log.StatusAsync(Cancellation);
            await Eventually.BecomesTrueAsync(() => Task.FromResult(_logs.Of(1200).Count > 0), "the message is written");
            await store.Log.StatusAsync(Cancellation);
            var held = _logs.Of(1200).ShouldHaveSingleItem();
            held.Level.ShouldBe(LogLevel.Warning);
            held.Category.ShouldBe("FluentEventStore.Ordering");
            held.Values["Schema"].ShouldBe(_bank.Schema);
            held.Values["Position"].ShouldBe(0L);
            held.Values["Duration"].ShouldBe(TimeSpan.FromSeconds(10));
            held.Values["Pid"].ShouldBe(connection.ProcessID);
            held.Values["Application"].ShouldBe("slow-importer");
            held.Values["State"].ShouldBe("idle in transaction");
            held.Values["Age"].ShouldBeOfType<TimeSpan>().ShouldBeGreaterThan(TimeSpan.Zero);

            _clock.Advance(TimeSpan.FromSeconds(60));
            await store.Log.StatusAsync(Cancellation);
            await Eventually.BecomesTrueAsync(() => Task.FromResult(_logs.Of(1200).Count > 1), "it is written again after a minute");
            await transaction.RollbackAsync(Cancellation);
        }

        await store.Log.StatusAsync(Cancellation);
        _logs.Of(1201).ShouldHaveSingleItem().Values["Duration"].ShouldBe(TimeSpan.FromSeconds(70));
    }

    [Fact]
    public async Task Followers_that_lose_their_connection_are_told_of()
    {
        await using var proxy = new TcpProxy(_bank.ConnectionString);
        await using var store = CreateStore(options => options.Connection($"{proxy.ConnectionString};Maximum Pool Size=1"));
        await using var followed = store.Log.FollowAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        await _bank.AppendAsync(_id, new NoteTaken(Secret));
        (await followed.MoveNextAsync()).ShouldBeTrue();
        var next = followed.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            proxy.BreakNow();
            await Task.WhenAny(next, Task.Delay(20, Cancellation));
        }

        await Should.ThrowAsync<NpgsqlException>(() => next);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(_logs.Of(1204).Count > 0), "the message is written");
        _logs.Of(1204)[0].Values["Followers"].ShouldBe(1);
    }

    [Fact]
    public async Task A_schema_that_is_created_and_what_others_added_to_it_are_told_of()
    {
        var schema = server.CreateSchemaName();
        await using (var store = OwnerStore())
        {
            await store.Schema.ApplyAsync(Cancellation);
            _logs.Of(1100).ShouldHaveSingleItem().Values["Schema"].ShouldBe(schema);
            await Database.AskAsync(_bank.ConnectionString, $"alter table {schema}.events add column theirs int");
            await store.Schema.ApplyAsync(Cancellation);
        }

        _logs.Of(1100).Count.ShouldBe(1);
        var drift = _logs.Of(1101).ShouldHaveSingleItem();
        (drift.Level, drift.Values["Table"], drift.Values["Kind"]).ShouldBe((LogLevel.Warning, $"{schema}.events", SchemaDriftKind.Column));
        await server.DropSchemaAsync(schema);

        EventStore OwnerStore() => EventStore.For(options =>
        {
            options.Connection(_bank.ConnectionString);
            options.Schema = schema;
            options.LoggerFactory = _logs;
        });
    }

    [Fact]
    public async Task A_database_that_does_not_keep_the_order_is_an_error()
    {
        await _bank.ExecuteAsync("alter sequence {schema}.positions cache 5");
        await using var store = CreateStore();
        await Should.ThrowAsync<OrderingNotGuaranteedException>(() => store.Log.StatusAsync(Cancellation));

        _logs.Of(1202).ShouldNotBeEmpty();
        _logs.Of(1202)[0].Level.ShouldBe(LogLevel.Error);
    }

    [Fact]
    public async Task A_unit_that_is_sent_again_is_told_of()
    {
        await _bank.ExecuteAsync("""
            create sequence {schema}.attempts;
            create function {schema}.refuse_once() returns trigger language plpgsql security definer as
              'begin if nextval(''{schema}.attempts'') = 1 then raise serialization_failure; end if; return new; end';
            create trigger refuse_once before insert on {schema}.events
              for each row when (new.data->>'text' = 'a-secret') execute function {schema}.refuse_once();
            """);
        using var meter = new MeasurementRecorder();
        using var spans = new SpanRecorder();
        await using var store = CreateStore();
        await using var session = store.OpenSession();
        session.SetHeader("key", Secret);
        session.Events.Append(_id, new NoteTaken(Secret));
        await session.SaveChangesAsync(Cancellation);

        _logs.Of(1400).ShouldHaveSingleItem().Values["ErrorType"].ShouldBe("40001");
        var again = spans.Of(_bank.Schema, "save").ShouldHaveSingleItem().Events.ShouldHaveSingleItem();
        (again.Name, again.Tags.Single().Value).ShouldBe(("retry", "40001"));
        meter.Of(_bank.Schema, "fluenteventstore.retries").Select(static one => one.ErrorType).ShouldBe(["40001"]);
        (await _bank.FetchAsync(_id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_outcome_that_is_unknown_is_told_of()
    {
        await using var proxy = new TcpProxy(_bank.ConnectionString);
        await using var store = CreateStore(options => options.Connection($"{proxy.ConnectionString};Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        session.Events.Append(_id, new NoteTaken(Secret));
        proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Cancellation));

        _logs.Of(1401).ShouldHaveSingleItem().Level.ShouldBe(LogLevel.Warning);
    }

    [Fact]
    public async Task Units_that_step_aside_because_a_stream_is_locked_are_told_of()
    {
        // While the only lane waits for one stream, units for another locked one and for a free one gather behind it.
        StreamId first = $"{_id}-first";
        await _bank.AppendAsync(first, new NoteTaken(Secret));
        await _bank.AppendAsync(_id, new NoteTaken(Secret));
        await using var store = CreateStore(static options => options.Events.GroupCommit.Lanes = 1);
        await BankStore.WriteOnceAsync(store);
        await using var hold = await _bank.HoldAsync(_id);
        Task[] saving;
        await using (await _bank.HoldAsync(first))
            saving = [SaveAsync(first), SaveAsync($"{_id}-free"), SaveAsync(_id)];

        await Eventually.BecomesTrueAsync(() => Task.FromResult(_logs.Of(1300).Count > 0), "a unit has stepped aside");
        await hold.DisposeAsync();
        await Task.WhenAll(saving);

        var aside = _logs.Of(1300).ShouldHaveSingleItem();
        (aside.Values["Units"], aside.Values["Stream"], aside.Values["Tenant"]).ShouldBe((1, _id.Value, "default"));

        async Task SaveAsync(StreamId id)
        {
            await using var session = store.OpenSession();
            session.Events.Append(id, new NoteTaken(Secret));
            await session.SaveChangesAsync(Cancellation);
        }
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData(";Max Auto Prepare=10", 0)]
    public async Task A_data_source_that_prepares_nothing_is_told_of(string settings, int messages)
    {
        await using var source = NpgsqlDataSource.Create(_bank.ConnectionString + settings);
        await using (CreateStore(options => options.DataSource(source)))
            _logs.Of(1000).Count.ShouldBe(messages);

        if (messages > 0)
        {
            await using var behind = CreateStore(options => options.DataSource(source).PgBouncer());
            _logs.Of(1000).Count.ShouldBe(messages);
        }
    }

    [Fact]
    public async Task A_tenant_whose_database_is_another_one_than_before_is_told_of()
    {
        var databases = new Moving(_bank.ConnectionString);
        await using var store = EventStore.For(options =>
        {
            options.TenantDatabases(databases);
            options.Schema = _bank.Schema;
            options.TimeProvider = _clock;
            options.LoggerFactory = _logs;
        });
        await AppendAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));
        await AppendAsync();
        _logs.Of(1500).ShouldBeEmpty();

        databases.ConnectionString += ";Application Name=moved";
        _clock.Advance(TimeSpan.FromMinutes(2));
        await AppendAsync();
        _logs.Of(1500).ShouldHaveSingleItem().Values["Tenant"].ShouldBe("a");

        async Task AppendAsync()
        {
            await using var session = store.OpenSession("a");
            session.Events.Append(_id, new NoteTaken(Secret));
            await session.SaveChangesAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_logger_that_throws_keeps_nobody_from_writing_and_reading()
    {
        StreamId first = $"{_id}-first";
        await _bank.AppendAsync(first, new NoteTaken(Secret));
        await _bank.AppendAsync(_id, new NoteTaken(Secret));
        await using var store = _bank.CreateStore(static options =>
        {
            options.LoggerFactory = new Broken();
            options.Events.GroupCommit.Lanes = 1;
        });
        await BankStore.WriteOnceAsync(store);
        await using var hold = await _bank.HoldAsync(_id);
        Task[] saving;
        await using (await _bank.HoldAsync(first))
            saving = [SaveAsync(first), SaveAsync($"{_id}-free"), SaveAsync(_id)];

        await saving[1];
        await hold.DisposeAsync();
        await Task.WhenAll(saving);

        (await _bank.FetchAsync(_id)).Count.ShouldBe(2);

        async Task SaveAsync(StreamId id)
        {
            await using var session = store.OpenSession();
            session.Events.Append(id, new NoteTaken(Secret));
            await session.SaveChangesAsync(Cancellation);
        }
    }

    private EventStore CreateStore(Action<EventStoreOptions>? configure = null) => _bank.CreateStore(options =>
    {
        options.LoggerFactory = _logs;
        configure?.Invoke(options);
    });

    private sealed class Moving(string connectionString) : ITenantDatabases
    {
        public string ConnectionString { get; set; } = connectionString;

        public ValueTask<string?> FindAsync(TenantId tenantId, CancellationToken cancellationToken) => new(ConnectionString);

        public ValueTask<IReadOnlyList<TenantId>> ListAsync(CancellationToken cancellationToken) => new([new TenantId("a")]);
    }

    private sealed class Broken : ILoggerFactory, ILogger
    {
        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("The disk is full.");
    }
}
