using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Reliability;

/// <summary>What is acknowledged is on the synchronous standby, or its outcome is unknown.</summary>
public sealed class SynchronousStandbyTests(SynchronousServer server) : IClassFixture<SynchronousServer>, IAsyncLifetime
{
    private readonly StreamId _id = $"note-{Guid.NewGuid()}";
    private readonly EventStore _store = Store(server.OrSkip());

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Verbs => ["append", "append with a document", "archive", "forget", "mask", "scrub", "import"];

    public async ValueTask InitializeAsync()
    {
        await _store.Schema.ApplyAsync(Cancelled);
        await using var session = _store.OpenSession();
        session.Events.Append(_id, new NoteTaken("before"));
        await session.SaveChangesAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await server.RegainStandbyAsync();
        await _store.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_wait_for_the_standby_that_is_cancelled_is_an_unknown_outcome_and_a_retry_waits_as_the_first_did(string verb)
    {
        await using var session = _store.OpenSession();
        var run = await PrepareAsync(verb, session);
        await server.LoseStandbyAsync();
        using var cancellation = new CancellationTokenSource();
        var running = run(cancellation.Token);
        await server.UntilCommitsWaitAsync();
        await cancellation.CancelAsync();

        var unknown = await Should.ThrowAsync<CommitOutcomeUnknownException>(() => running);
        unknown.IsCommittedLocally.ShouldBeTrue();

        var again = run(Cancelled);
        await server.UntilCommitsWaitAsync();
        again.IsCompleted.ShouldBeFalse();
        await server.RegainStandbyAsync();
        await again;
    }

    [Fact]
    public async Task A_wait_for_the_standby_that_times_out_is_an_unknown_outcome() => await Eventually.HoldsAsync(
        async limit =>
        {
            await server.RegainStandbyAsync();
            StreamId id = $"note-{Guid.NewGuid()}";
            await using var store = Store(server, options => options.CommandTimeout = limit);
            await using var session = store.OpenSession();
            session.Events.Append(id, new NoteTaken("a"));
            await store.Log.StatusAsync(Cancelled);
            await server.LoseStandbyAsync();

            var unknown = await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Cancelled));

            unknown.IsCommittedLocally.ShouldBeTrue();
            (await CountAsync(id.Value)).ShouldBe(1L);
        },
        1,
        4,
        20);

    [Fact]
    public async Task A_process_that_is_ended_while_it_waits_for_the_standby_leaves_an_unknown_outcome_and_the_retry_waits()
    {
        await using var session = _store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        await server.LoseStandbyAsync();
        var saving = session.SaveChangesAsync(Cancelled);
        await server.AskAsync($"select pg_terminate_backend({await server.UntilCommitsWaitAsync()}, 180000)");

        (await Should.ThrowAsync<CommitOutcomeUnknownException>(() => saving)).IsCommittedLocally.ShouldBeTrue();
        var again = session.SaveChangesAsync(Cancelled);
        await server.UntilCommitsWaitAsync();
        again.IsCompleted.ShouldBeFalse();
        await server.RegainStandbyAsync();

        (await again).Streams[_id].ShouldBe(new StreamCommit(2, 2));
        (await CountAsync()).ShouldBe(2L);
    }

    [Fact]
    public async Task Units_that_share_a_statement_share_the_unknown_outcome()
    {
        // The clock stands still, so that the lane is not given up while the first unit waits.
        await using var store = Store(
            server, static options => (options.Events.GroupCommit.Lanes, options.WaitClock) = (1, new FakeTimeProvider()));
        await server.LoseStandbyAsync();
        var first = SaveAsync("first");
        await server.UntilCommitsWaitAsync();
        Task<Commit>[] together = [SaveAsync("a"), SaveAsync("b"), SaveAsync("c")];
        await CancelWaitAsync();
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => first);
        await CancelWaitAsync();

        foreach (var saving in together)
            (await Should.ThrowAsync<CommitOutcomeUnknownException>(() => saving)).IsCommittedLocally.ShouldBeTrue();

        (await CountAsync("%-together-%")).ShouldBe(4L);

        async Task CancelWaitAsync() => await server.AskAsync($"select pg_cancel_backend({await server.UntilCommitsWaitAsync()})");

        async Task<Commit> SaveAsync(string name)
        {
            await using var session = store.OpenSession();
            session.Events.Append($"{_id}-together-{name}", new NoteTaken(name));
            return await session.SaveChangesAsync(Cancelled);
        }
    }

    private static EventStore Store(SynchronousServer server, Action<EventStoreOptions>? configure = null) => EventStore.For(options =>
    {
        options.Connection(server.ConnectionString);
        options.Privacy.Mask<NoteTaken>(static _ => new NoteTaken("masked"));
        options.Events.Retention.ForCategory("note-", keepLast: 1);
        configure?.Invoke(options);
    });

    private async Task<Func<CancellationToken, Task>> PrepareAsync(string verb, IDocumentSession session)
    {
        switch (verb)
        {
            case "append":
                session.Events.Append(_id, new NoteTaken("a"));
                return session.SaveChangesAsync;
            case "append with a document":
                session.Events.Append(_id, new NoteTaken("a"));
                session.Store(new Customer { Name = "Ada" });
                return session.SaveChangesAsync;
            case "archive":
                session.Events.ArchiveStream(_id);
                return session.SaveChangesAsync;
            case "forget":
                return token => _store.Privacy.ForgetAsync("ada", cancellationToken: token);
            case "mask":
                return token => _store.Privacy.MaskAsync(_id, cancellationToken: token);
            case "scrub":
                session.Events.Append(_id, new NoteTaken("a"));
                await session.SaveChangesAsync(Cancelled);
                return token => _store.ScrubAsync(cancellationToken: token);
            default:
                return token => _store.Transfer.ImportAsync(
                    new[] { new ImportedEvent($"{_id}-imported", 1, new NoteTaken("a")) { Timestamp = DateTimeOffset.UnixEpoch } }
                        .ToAsyncEnumerable(), cancellationToken: token);
        }
    }

    private Task<object?> CountAsync(string? streams = null) => server.AskAsync(
        "select count(*) from event_store.events e join event_store.streams s on s.key = e.stream where s.id like "
            + $"'{streams ?? _id.Value}'");
}
