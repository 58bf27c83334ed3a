using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace FluentEventStore.Proofs.Sessions;

/// <summary>
/// Sessions save at random while their tokens fire, their connections are cut and others lock their streams. They go on in every way: saved
/// again, emptied, added to. What each of them is told is compared with the log.
/// </summary>
public sealed class SessionRaceTests(BankStore bank) : IClassFixture<BankStore>
{
    private const int Writers = 24;
    private const int Streams = 8;

    // By text: what the session was told last of the event.
    private readonly ConcurrentDictionary<string, Told> _told = [];
    private readonly ConcurrentDictionary<string, Commit> _commits = [];
    private readonly ConcurrentDictionary<string, int> _outcomes = [];

    // By writer: what it is saving.
    private readonly string[] _saving = new string[Writers];

    private enum Told
    {
        /// <summary>Nothing of it is written.</summary>
        NotWritten,

        /// <summary>It may be written, once.</summary>
        Unknown,

        /// <summary>It is committed.</summary>
        Written,
    }

    private static TimeSpan Duration => TimeSpan.FromSeconds(LongForm.Of(20, 300));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_session_is_told_is_true()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options =>
        {
            options.Connection(proxy.ConnectionString + ";Maximum Pool Size=30");
            options.CommandTimeout = TimeSpan.FromSeconds(20);
        });
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var ending = EndAsync(ended);

        Task[] all =
        [
            .. Enumerable.Range(0, Writers).Select(writer => WriteAsync(store, writer, new Random(seed + writer), ended.Token)),
            CutAsync(proxy, new Random(seed - 1), ended.Token),
            LockAsync(new Random(seed - 2), ended.Token),
        ];
        await Task.WhenAny(Task.WhenAll(all), Task.Delay(Duration + (2 * Eventually.HangGuard), Token));
        Enumerable.Range(0, Writers).Where(writer => !all[writer].IsCompleted).Select(writer => _saving[writer]).ShouldBeEmpty();
        await Task.WhenAll(all);
        await ending;

        await using var session = bank.Store.OpenQuerySession();
        var log = await session.Events.ReadAllAsync(cancellationToken: Token).ToListAsync(Token);
        var written = log.ToLookup(static e => ((NoteTaken)e.Data).Text);
        foreach (var (text, told) in _told)
        {
            var count = written[text].Count();
            if (told == Told.Unknown)
                count.ShouldBeInRange(0, 1, text);
            else
                count.ShouldBe(told == Told.Written ? 1 : 0, text);
        }

        // A unit is whole: its last event stands at the position of its commit.
        var byPosition = log.ToDictionary(static e => e.Position, static e => ((NoteTaken)e.Data).Text);
        foreach (var (text, commit) in _commits)
            UnitOf(byPosition[commit.Position]).ShouldBe(UnitOf(text));

        foreach (var stream in log.GroupBy(static e => e.StreamId))
            stream.Select(static e => e.Version)
                .Order()
                .ShouldBe(Enumerable.Range(1, stream.Count()).Select(static version => (long)version));

        log.Select(static e => ((NoteTaken)e.Data).Text).ShouldBeSubsetOf(_told.Keys);
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", _outcomes.OrderBy(static outcome => outcome.Key).Select(static outcome => $"{outcome.Key} {outcome.Value}")));
        _outcomes.GetValueOrDefault("saved").ShouldBeGreaterThan(50);
    }

    /// <summary>Ends the race after its time, and not before there is something to compare, however slow the machine is.</summary>
    private async Task EndAsync(CancellationTokenSource ended)
    {
        try
        {
            await Task.Delay(Duration, Token);
            await Eventually.BecomesTrueAsync(() => Task.FromResult(_outcomes.GetValueOrDefault("saved") > 50), "sessions save");
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private static string UnitOf(string text) => text[..text.IndexOf('/', StringComparison.Ordinal)];

    private async Task WriteAsync(EventStore store, int writer, Random random, CancellationToken ended)
    {
        await Task.Yield();
        var unit = 0;
        while (!ended.IsCancellationRequested)
        {
            await using var session = store.OpenSession(new SessionOptions { Idempotent = random.Next(4) == 0 });
            for (var use = 0; use < 3 && !ended.IsCancellationRequested; use++)
            {
                _saving[writer] = $"{writer}-{unit++}";
                await SaveAsync(session, _saving[writer], random);
            }
        }
    }

    private async Task SaveAsync(IDocumentSession session, string name, Random random)
    {
        List<string> texts = [];
        Add(session, name, texts, random);
        while (true)
        {
            using var cancellation = new CancellationTokenSource();
            if (random.Next(3) == 0)
                cancellation.CancelAfter(TimeSpan.FromMilliseconds(random.Next(30)));

            var told = Told.NotWritten;
            try
            {
                var commit = await session.SaveChangesAsync(cancellation.Token);
                Tell(texts, Told.Written, "saved");
                foreach (var text in texts)
                    _commits[text] = commit;

                return;
            }
            catch (CommitOutcomeUnknownException)
            {
                told = Told.Unknown;
                Count("unknown");
            }
            catch (OperationCanceledException)
            {
                Count("cancelled");
            }
            catch (StreamLockedException)
            {
                Count("locked");
            }
            catch (NpgsqlException)
            {
                Count("refused");
            }

            // An unknown outcome stays unknown until the unit is saved, whatever the attempts after it say of themselves.
            Tell([.. texts.Where(text => _told.GetValueOrDefault(text) != Told.Unknown)], told, null);
            switch (random.Next(4))
            {
                case 0:
                    session.EjectAllPendingChanges();
                    return;
                case 1 when texts.TrueForAll(text => _told[text] == Told.NotWritten):
                    Add(session, name, texts, random);
                    break;
                default:
                    break;
            }
        }
    }

    private void Add(IDocumentSession session, string name, List<string> texts, Random random)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{name}/{texts.Count}");
            texts.Add(text);
            _told[text] = Told.NotWritten;
            var pending = session.Events.Append($"stream-{random.Next(Streams)}", new NoteTaken(text));
            if (random.Next(8) == 0)
                pending.WithTag("race", $"{random.Next(4)}");
        }

        if (random.Next(6) == 0)
            session.Store(new Customer { Name = name });
    }

    private void Tell(IReadOnlyList<string> texts, Told told, string? outcome)
    {
        foreach (var text in texts)
            _told[text] = told;

        if (outcome is not null)
            Count(outcome);
    }

    private void Count(string outcome) => _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);

    private static async Task CutAsync(TcpProxy proxy, Random random, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(random.Next(100), CancellationToken.None);
            switch (random.Next(5))
            {
                case 0:
                    proxy.BreakNow();
                    break;
                case 1:
                    proxy.BreakNext(TcpProxy.Break.BeforeTheServerGetsIt);
                    break;
                default:
                    proxy.BreakNext(TcpProxy.Break.BeforeTheClientGetsTheAnswer);
                    break;
            }
        }

        proxy.BreakNext(TcpProxy.Break.Never);
    }

    private async Task LockAsync(Random random, CancellationToken ended)
    {
        await using var connection = new NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Token);
        while (!ended.IsCancellationRequested)
        {
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await using var hold = new NpgsqlCommand(
                $"select from {bank.Schema}.streams where id = 'stream-{random.Next(Streams)}' for update", connection, transaction);
            await hold.ExecuteNonQueryAsync(Token);
            await Task.Delay(random.Next(300), CancellationToken.None);
        }
    }
}
