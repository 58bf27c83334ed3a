using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Sessions;

public sealed class CancellationTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_save_that_is_canceled_at_any_moment_writes_all_or_nothing_and_can_be_saved_again()
    {
        var random = Seeded();
        for (var round = 1; round <= 60; round++)
        {
            await using var session = bank.Store.OpenSession();
            session.Events.Append(_id, [.. Enumerable.Range(0, 40).Select(index => new NoteTaken($"{round}-{index}"))]);
            session.Store(new Customer { Name = $"{_id}", Age = round });
            try
            {
                using var cancellation = CancelSoon(random);
                await session.SaveChangesAsync(cancellation.Token);
            }
            catch (OperationCanceledException)
            {
                (await bank.FetchAsync(_id)).Count.ShouldBe((round - 1) * 40, "nothing is written of a save that says it was canceled");
                await session.SaveChangesAsync(Token);
            }
            catch (CommitOutcomeUnknownException)
            {
                ((await bank.FetchAsync(_id)).Count % 40).ShouldBe(0);
                await session.SaveChangesAsync(Token);
            }

            (await bank.FetchAsync(_id)).Count.ShouldBe(round * 40);
            (await session.Events.FetchStreamStateAsync(_id, Token))!.Version.ShouldBe(round * 40);
        }

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_customer where data ->> 'name' = '{_id}'")).ShouldBe(60L);
    }

    [Fact]
    public async Task A_read_that_is_canceled_at_any_moment_leaves_a_session_that_reads_on()
    {
        var random = Seeded();
        await bank.AppendAsync(_id, [.. Enumerable.Range(0, 1_500).Select(index => new NoteTaken($"{index}"))]);
        await using var session = bank.Store.OpenSession();
        for (var round = 0; round < 60; round++)
        {
            try
            {
                using var cancellation = CancelSoon(random);
                if (round % 2 == 0)
                    (await session.Events.FetchStreamAsync(_id, cancellationToken: cancellation.Token)).Count.ShouldBe(1_500);
                else
                    (await session.Events.ReadAllAsync(cancellationToken: cancellation.Token)
                        .CountAsync(e => e.StreamId == _id, cancellation.Token))
                        .ShouldBe(1_500);
            }
            catch (Exception end) when (end is OperationCanceledException || IsLost(end))
            {
            }
        }

        (await session.Events.FetchStreamAsync(_id, cancellationToken: Token)).Count.ShouldBe(1_500);
        (await session.Events.ReadAllAsync(cancellationToken: Token).CountAsync(e => e.StreamId == _id, Token)).ShouldBe(1_500);
    }

    [Fact]
    public async Task An_import_that_is_canceled_at_any_moment_leaves_whole_chunks_and_can_be_run_again()
    {
        var random = Seeded();
        var application = $"importing-{_id}";
        await using var store = bank.CreateStore(
            options => options.Connection($"{bank.StoreConnectionString};Application Name={application}"));
        for (var round = 0; round < 15; round++)
        {
            var stream = $"{_id}-{round}";
            var events = Enumerable.Range(1, 500)
                .Select(version => new ImportedEvent(stream, version, new NoteTaken($"{version}")) { Timestamp = DateTimeOffset.UnixEpoch })
                .ToAsyncEnumerable();
            try
            {
                using var cancellation = CancelSoon(random, 40);
                await store.Transfer.ImportAsync(events, new ImportOptions { ChunkSize = 50 }, cancellationToken: cancellation.Token);
            }
            catch (Exception end) when (end is OperationCanceledException or CommitOutcomeUnknownException || IsLost(end))
            {
            }

            // The server may still be at the chunk whose outcome is unknown.
            await Eventually.BecomesTrueAsync(
                async () => await bank.ExecuteAsync(
                    "select count(*) from pg_stat_activity "
                        + $"where application_name = '{application}' and xact_start is not null") is 0L,
                "the import has ended on the server");
            var there = (await bank.FetchAsync(stream)).Count;
            (there % 50).ShouldBe(0);
            var report = await bank.Store.Transfer.ImportAsync(events, new ImportOptions { ChunkSize = 50 }, cancellationToken: Token);
            (report.Skipped, report.Imported).ShouldBe((there, 500 - there));
        }
    }

    [Fact]
    public async Task A_statement_that_takes_longer_than_allowed_is_given_up_and_can_be_repeated() => await Eventually.HoldsAsync(
        async limit =>
        {
            StreamId id = Guid.NewGuid();
            await bank.AppendAsync(id, new NoteTaken("before"));
            await using var store = bank.CreateStore(options => options.CommandTimeout = limit);
            await BankStore.WriteOnceAsync(store);
            await using var blocker = new NpgsqlConnection(bank.ConnectionString);
            await blocker.OpenAsync(Token);
            await using var transaction = await blocker.BeginTransactionAsync(Token);
            await using (var hold = new NpgsqlCommand($"lock table {bank.Schema}.streams", blocker))
                await hold.ExecuteNonQueryAsync(Token);

            await using var session = store.OpenSession();
            session.Events.Append(id, new NoteTaken("a"));
            var saving = Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync());
            await using var reader = store.OpenQuerySession();
            var reading = Should.ThrowAsync<NpgsqlException>(() => reader.Events.FetchStreamAsync(id));
            (await saving).InnerException!.InnerException.ShouldBeOfType<TimeoutException>();
            (await reading).InnerException.ShouldBeOfType<TimeoutException>();

            await transaction.RollbackAsync(Token);
            (await session.SaveChangesAsync(Token)).Streams[id].Version.ShouldBe(2);
        },
        2,
        8,
        30);

    [Fact]
    public void A_limit_for_statements_must_be_positive()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => bank.CreateStore(options => options.CommandTimeout = TimeSpan.Zero));
        Should.Throw<ArgumentOutOfRangeException>(() => bank.CreateStore(options => options.CommandTimeout = TimeSpan.FromDays(30)));
    }

    // The driver may lose track of an exchange that is canceled at its very end: it closes the connection and throws this, and the next
    // call opens another.
    private static bool IsLost(Exception end) => end.Message.StartsWith("Received unexpected backend message", StringComparison.Ordinal);

    private static CancellationTokenSource CancelSoon(Random random, int milliseconds = 8) =>
        new(TimeSpan.FromTicks(random.NextInt64(1, milliseconds * TimeSpan.TicksPerMillisecond)));

    private static Random Seeded()
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return new Random(seed);
    }
}
