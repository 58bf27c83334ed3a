using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

public sealed class RefusedConnectionTests(BankStore bank) : IClassFixture<BankStore>
{
    private const int Writers = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Units_that_wait_together_share_the_error_of_one_refused_connection()
    {
        var role = $"writer_{Guid.NewGuid():N}";
        await bank.ExecuteAsync($"create role {role} superuser login password 'secret'");
        var opened = 0;
        await using var dataSource = CountingOpened(role, () => Interlocked.Increment(ref opened));
        await using var store = bank.CreateStore(options =>
        {
            options.DataSource(dataSource);
            options.Events.GroupCommit.Lanes = 1;

            // It stands still, so that the lane is not given up: nobody goes on until it is free.
            options.WaitClock = new FakeTimeProvider();
            options.CommandTimeout = Eventually.HangGuard;
        });
        await BankStore.WriteOnceAsync(store);
        var held = $"held-{Guid.NewGuid()}";
        await bank.AppendAsync(held, new NoteTaken("a"));
        await using var hold = await bank.HoldAsync(held);

        // The only lane waits for the stream; all others wait for the lane, which finds that nobody is let in any more.
        var first = SaveAsync(store, held);
        await Eventually.BecomesTrueAsync(
            async () => await bank.ExecuteAsync(
                $"select true from pg_stat_activity where usename = '{role}' and wait_event_type = 'Lock'") is true, "the lane waits for "
                    + "the stream");
        var waiting = Enumerable.Range(0, Writers).Select(number => SaveAsync(store, $"{held}-{number}")).ToArray();
        await bank.ExecuteAsync($"alter role {role} nologin");
        dataSource.Clear();
        opened = 0;
        await hold.DisposeAsync();
        await first;

        var refusals = new List<PostgresException>();
        foreach (var saving in waiting)
            refusals.Add(await Should.ThrowAsync<PostgresException>(() => saving));

        refusals.ShouldAllBe(static refusal => refusal.SqlState == PostgresErrorCodes.InvalidAuthorizationSpecification);
        refusals.Distinct(ReferenceEqualityComparer.Instance).Count().ShouldBe(Writers);
        opened.ShouldBe(1);
        await bank.ExecuteAsync($"drop role {role}");
    }

    private NpgsqlDataSource CountingOpened(string role, Action count)
    {
        var connection = new NpgsqlConnectionStringBuilder(bank.ConnectionString) { Username = role, Password = null };
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        builder.UsePasswordProvider(_ => Password(), (_, _) => new ValueTask<string>(Password()));
        return builder.Build();

        string Password()
        {
            count();
            return "secret";
        }
    }

    private static async Task<Commit> SaveAsync(EventStore store, StreamId streamId)
    {
        await using var session = store.OpenSession();
        session.Events.Append(streamId, new NoteTaken("b"));
        return await session.SaveChangesAsync(Token);
    }
}
