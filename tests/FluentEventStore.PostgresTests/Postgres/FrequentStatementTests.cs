using FluentEventStore.Postgres;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.PostgresTests.Postgres;

/// <summary>Batches and parameters that one call after the other uses: each sends its own values.</summary>
public sealed class FrequentStatementTests(BankStore bank) : IClassFixture<BankStore>
{
    private const int Sessions = 12;
    private const int UnitsOfSession = 25;

    private readonly string _id = $"{Guid.NewGuid()}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Units_at_once_that_succeed_are_refused_or_are_cancelled_get_nothing_of_each_other(bool isCombined)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using var store = bank.CreateStore(options => options.Events.GroupCommit.IsEnabled = isCombined);

        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(session => WriteAsync(store, session, new Random(seed + session))));
    }

    [Fact]
    public async Task A_call_has_the_time_out_of_its_own_connection()
    {
        await using var hurried = NpgsqlDataSource.Create($"{bank.ConnectionString};Command Timeout=3");
        await using var patient = NpgsqlDataSource.Create($"{bank.ConnectionString};Command Timeout=12");
        var current = hurried;
        var connections = new ConnectionSource(_ => new ValueTask<NpgsqlDataSource>(current));
        var database = new FluentEventStore.Postgres.Database(connections, static _ => Task.CompletedTask);
        var statement = new FrequentStatement<int>(
            "select $1", [StatementParameter<int>.Of(static number => number, NpgsqlDbType.Integer)]);

        (await RunAsync(1)).ShouldBe((1, 3));
        current = patient;
        (await RunAsync(2)).ShouldBe((2, 12));

        async Task<(int Answer, int TimeOut)> RunAsync(int number)
        {
            var batch = statement.Take(number);
            var answer = await database.WriteAsync(batch, static row => row.GetInt32(0), TestContext.Current.CancellationToken);
            var timeOut = batch.Timeout;
            statement.GiveBack(batch);
            return (answer, timeOut);
        }
    }

    private async Task WriteAsync(EventStore store, int number, Random random)
    {
        for (var round = 0; round < UnitsOfSession; round++)
        {
            StreamId id = $"{_id}-{number}-{round}";
            var text = $"{number} {round}";
            var (hasMetadata, hasHeaders, count) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(3) == 0 ? 2 : 1);
            await using var session = store.OpenSession(hasMetadata ? "a" : TenantId.Default);
            if (hasMetadata)
                (session.CorrelationId, session.CausationId, session.UserName) = ($"c {text}", $"d {text}", $"u {text}");
            if (hasHeaders)
                session.SetHeader("text", text);

            var isRefused = random.Next(5) == 0;
            object[] events = [.. Enumerable.Range(0, count).Select(index => new NoteTaken($"{text} {index}"))];
            session.Events.Append(id, isRefused ? ExpectedVersion.Exactly(3) : ExpectedVersion.NoStream, events);
            using var cancellation = new CancellationTokenSource();
            if (random.Next(5) == 0)
                cancellation.CancelAfter(TimeSpan.FromMilliseconds(random.NextDouble() * 3));

            if (!await TrySaveAsync(session, isRefused, cancellation.Token))
                continue;

            await using var reading = store.OpenQuerySession(session.TenantId);
            var written = await reading.Events.FetchStreamAsync(id, TestContext.Current.CancellationToken);
            written.Select(static e => e.Data).ShouldBe(events);
            foreach (var e in written)
            {
                (e.CorrelationId, e.CausationId, e.UserName).ShouldBe(
                    hasMetadata ? ($"c {text}", $"d {text}", $"u {text}") : (null, null, null));
                e.Headers.ShouldBe(hasHeaders ? new Dictionary<string, string> { ["text"] = text } : []);
                e.TenantId.ShouldBe(session.TenantId);
            }
        }
    }

    /// <returns>Whether the unit is written.</returns>
    private static async Task<bool> TrySaveAsync(IDocumentSession session, bool isRefused, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                await session.SaveChangesAsync(cancellationToken);
            }
            catch (CommitOutcomeUnknownException) when (!cancellationToken.IsCancellationRequested)
            {
                // The driver closes a connection on which a statement was being prepared when another unit was cancelled, at its next use.
                await session.SaveChangesAsync(cancellationToken);
            }

            isRefused.ShouldBeFalse();
            return true;
        }
        catch (StreamVersionConflictException)
        {
            isRefused.ShouldBeTrue();
            return false;
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested
            && failure is OperationCanceledException or CommitOutcomeUnknownException or NpgsqlException)
        {
            return false;
        }
    }
}
