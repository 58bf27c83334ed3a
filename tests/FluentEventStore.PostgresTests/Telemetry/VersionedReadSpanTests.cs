using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Telemetry;

/// <summary>Reads that tell versions or JSON are fetches as the others are.</summary>
public sealed class VersionedReadSpanTests(SnapshotStore bank) : IClassFixture<SnapshotStore>, IDisposable
{
    private readonly Guid _id = Guid.NewGuid();
    private readonly SpanRecorder _spans = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _spans.Dispose();

    [Fact]
    public async Task Documents_with_their_versions_and_as_json_are_counted()
    {
        await SaveAsync(session => session.Store(new Customer { Id = _id, Name = "Ada" }));
        await using var session = bank.Store.OpenQuerySession();
        using var caller = new Activity("request").Start();
        await session.LoadVersionedAsync<Customer>(_id, Cancellation);
        await session.LoadJsonAsync<Customer>(_id, Cancellation);
        await session.LoadManyJsonAsync<Customer>([_id, Guid.NewGuid()], Cancellation);
        await session.LoadJsonAsync<Customer>(Guid.NewGuid(), Cancellation);
        await session.LoadManyJsonAsync<Customer>(Array.Empty<Guid>(), Cancellation);

        Fetches(caller).ShouldBe([(1, null), (1, null), (1, null), (0, null)]);
    }

    [Fact]
    public async Task Inline_snapshots_are_documents_for_which_the_missing_events_are_replayed()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await using (var bare = bank.CreateStoreWithoutSnapshots())
        await using (var other = bare.OpenSession())
        {
            other.Events.Append(_id, new MoneyDeposited(_id, 5m), new MoneyDeposited(_id, 6m));
            await other.SaveChangesAsync(Cancellation);
        }

        await using var session = bank.Store.OpenQuerySession();
        using var caller = new Activity("request").Start();
        await session.LoadAsync<Account>(_id, Cancellation);
        await session.LoadVersionedAsync<Account>(_id, Cancellation);
        await session.LoadJsonAsync<Account>(_id, Cancellation);
        await session.LoadManyJsonAsync<Account>([_id, Guid.NewGuid()], Cancellation);
        await session.Events.FetchLatestVersionedAsync<Account>(_id, Cancellation);
        await SaveAsync(other => other.Events.Append(_id, new MoneyDeposited(_id, 7m)));
        await session.LoadJsonAsync<Account>(_id, Cancellation);

        Fetches(caller).ShouldBe([(1, 2), (1, 2), (1, 2), (1, 2), (null, 2), (1, 0)]);
    }

    [Fact]
    public async Task Aggregates_and_states_of_deciders_say_how_many_events_were_replayed()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 5m));
        await using var session = bank.Store.OpenQuerySession();
        using var caller = new Activity("request").Start();
        await session.Events.AggregateStreamVersionedAsync<Account>(_id, Cancellation);
        await session.Events.AggregateStreamVersionedAsync<Account>(_id, new StreamRange { To = 1 }, Cancellation);
        await session.Events.FoldAsync(TillRules.Decider, _id, Cancellation);
        await bank.Store.ExecuteAsync<Account>(
            _id, static (_, _) => Array.Empty<object>(), new ExecutionOptions { Check = static _ => { } }, Cancellation);

        Fetches(caller).ShouldBe([(null, 2), (null, 1), (null, 2), (null, 0)]);
    }

    private List<(object? Documents, object? Replayed)> Fetches(Activity caller)
    {
        var fetches = _spans.Of(bank.Schema, "fetch").Where(span => span.TraceId == caller.TraceId).ToList();
        fetches.ShouldAllBe(fetch => _spans.StatementsWithin(fetch).Count == 1);
        return
        [
            .. fetches.Select(static fetch => (
                fetch.GetTagItem(EventStoreTelemetry.DocumentsTag), fetch.GetTagItem(EventStoreTelemetry.ReplayedEventsTag))),
        ];
    }

    private async Task SaveAsync(Action<IDocumentSession> collect)
    {
        await using var session = bank.Store.OpenSession();
        collect(session);
        await session.SaveChangesAsync(Cancellation);
    }
}
