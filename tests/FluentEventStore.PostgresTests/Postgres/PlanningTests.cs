using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FluentEventStore.PostgresTests.Postgres;

/// <summary>What the server does to run the statements of the store, as its module <c>auto_explain</c> tells it.</summary>
public sealed class PlanningTests(BankStore bank) : IClassFixture<BankStore>
{
    private const string Explaining =
        "-c session_preload_libraries=auto_explain -c auto_explain.log_settings=on -c auto_explain.log_min_duration=0 -c "
            + "auto_explain.log_nested_statements=on -c client_min_messages=log";

    private readonly ConcurrentQueue<string> _said = new();
    private readonly StreamId _id = $"planned-{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_plan_is_compiled_if_that_takes_longer_than_running_it()
    {
        await using var dataSource = await ExplainingOrSkipAsync();
        await using var store = bank.CreateStore(options =>
        {
            options.DataSource(dataSource);
            options.Events.GroupCommit.CombinesFrom = 1;
            options.Events.Retention.ForStream(_id, keepLast: 4);
            options.Privacy.Mask<NoteTaken>(static e => e with { Text = "***" });
        });

        await ConflictAsync(store);
        await ChangeAsync(store);
        await store.ScrubAsync(cancellationToken: Cancellation);
        await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation);
        await store.Transfer.ImportAsync(
            new[] { new ImportedEvent($"{_id}-imported", 1, new NoteTaken("a")) { Timestamp = DateTimeOffset.UnixEpoch } }
                .ToAsyncEnumerable(),
            cancellationToken: Cancellation);
        await using var query = store.OpenQuerySession();
        (await query.Events.ReadAllAsync(cancellationToken: Cancellation).CountAsync(Cancellation)).ShouldBeGreaterThan(4);

        _said.Where(static plan => plan.Contains("judge_units", StringComparison.Ordinal)).ShouldNotBeEmpty();
        _said.Where(static plan => plan.Contains("JIT:", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_of_the_log_is_not_sorted_and_streams_are_remembered_by_nothing_but_their_key()
    {
        await using var dataSource = await ExplainingOrSkipAsync();
        await using var store = bank.CreateStore(options => options.DataSource(dataSource));
        await bank.AppendAsync(_id, [.. Enumerable.Range(0, 2_000).Select(static number => new NoteTaken($"{number}"))]);
        await bank.ExecuteAsync("analyze {schema}.events, {schema}.streams");

        await using var session = store.OpenQuerySession();
        (await session.Events.ReadAllAsync(new EventFilter().OfStreams($"{_id}"), Cancellation).CountAsync(Cancellation)).ShouldBe(2_000);
        (await session.Events.ReadAllAsync(new EventFilter().OfStream(_id), Cancellation).CountAsync(Cancellation)).ShouldBe(2_000);

        var pages = _said.Where(
            static said => said.Contains("Query Text:", StringComparison.Ordinal)
                && said.Contains("e.recorded_at", StringComparison.Ordinal)
                && said.Contains("Limit  (cost", StringComparison.Ordinal)).ToList();
        var ofLog = pages.Where(static plan => plan.Contains("is_left", StringComparison.Ordinal)).ToList();
        ofLog.ShouldNotBeEmpty();
        ofLog.ShouldAllBe(static plan => Regex.IsMatch(plan, @"Cache Key: \w+\.stream\n"));
        ofLog.ShouldAllBe(static plan =>
            !plan.Contains("Sort Key", StringComparison.Ordinal) && !plan.Contains("Bitmap", StringComparison.Ordinal));
        foreach (var setting in (string[])["enable_sort", "enable_bitmapscan", "enable_seqscan", "jit"])
            ofLog.ShouldAllBe(plan => plan.Contains($"{setting} = 'off'", StringComparison.Ordinal));

        var ofStream = pages.Except(ofLog).ToList();
        ofStream.ShouldNotBeEmpty();
        ofStream.ShouldAllBe(static plan => !plan.Contains("Memoize", StringComparison.Ordinal));
        foreach (var setting in (string[])["enable_memoize", "enable_seqscan", "jit"])
            ofStream.ShouldAllBe(plan => plan.Contains($"{setting} = 'off'", StringComparison.Ordinal));
    }

    /// <summary>Is refused, so that the units of a combined statement are judged one after the other.</summary>
    private async Task ConflictAsync(EventStore store)
    {
        await using (var session = store.OpenSession())
        {
            session.Events.Append(_id, Enumerable.Range(1, 8).Select(static number => new NoteTaken($"{number}")));
            await session.SaveChangesAsync(Cancellation);
        }

        await using var conflicting = store.OpenSession();
        conflicting.Events.StartStream(_id, new NoteTaken("again"));
        await Should.ThrowAsync<StreamAlreadyExistsException>(() => conflicting.SaveChangesAsync(Cancellation));
    }

    /// <summary>Does the rest of what a session can do to events and documents.</summary>
    private async Task ChangeAsync(EventStore store)
    {
        var course = $"{Guid.NewGuid()}";
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada" };
        await using (var session = store.OpenSession())
        {
            var boundary = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", course), Cancellation);
            boundary.Append($"course-{course}", new CourseOffered(course, Places: 3));
            session.Events.TruncateStream(_id, beforeVersion: 2);
            session.Insert(customer);
            await session.SaveChangesAsync(Cancellation);
        }

        await using (var session = store.OpenSession())
        {
            var events = await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation);
            session.Events.LinkTo($"{_id}-linked", events[^1]);
            session.Events.CompactStream(_id, upToVersion: 3, new NoteTaken("1, 2, 3"));
            session.Store(customer with { Age = 36 });
            await session.SaveChangesAsync(Cancellation);
        }

        await using (var session = store.OpenSession())
        {
            session.Events.ArchiveStream($"course-{course}");
            session.Delete<Customer>(customer.Id);
            await session.SaveChangesAsync(Cancellation);
        }
    }

    private async Task<NpgsqlDataSource> ExplainingOrSkipAsync()
    {
        var settings = new NpgsqlConnectionStringBuilder(bank.ConnectionString)
        {
            Options = Explaining,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 2
        };
        try
        {
            await bank.ExecuteAsync("load 'auto_explain'");
        }
        catch (PostgresException failure)
        {
            Assert.Skip($"The server does not explain its plans: {failure.MessageText}");
        }

        return new NpgsqlDataSourceBuilder(settings.ConnectionString).UseLoggerFactory(new DriverLog(_said)).Build();
    }

    /// <summary>Keeps what the driver logs, the messages of the server included.</summary>
    private sealed class DriverLog(ConcurrentQueue<string> messages) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            messages.Enqueue(formatter(state, exception));

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}
