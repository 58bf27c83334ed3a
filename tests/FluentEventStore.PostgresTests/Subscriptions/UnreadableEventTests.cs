using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>Declared subscriptions meet an event of a type that is not known, and one whose JSON does not fit its type.</summary>
public sealed class UnreadableEventTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private const string Unknown = "update {schema}.events set type = 'unheard-of' where position = ";
    private const string Misfit = "update {schema}.events set data = '[1]' where position = ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly ConcurrentQueue<string> _seen = new();

    [Theory]
    [InlineData(Unknown, FailureKind.UnknownType)]
    [InlineData(Misfit, FailureKind.Unreadable)]
    public async Task It_stops_there_with_a_kind_of_its_own_and_without_a_retry(string change, FailureKind kind)
    {
        var bad = await AppendAsync(change);
        await using var store = Store(FailedEvent.Stop);
        await using var daemon = store.BuildDaemon();
        await daemon.StartAsync(Token);
        await daemon.CatchUpAsync(Token).ShouldThrowAsync<SubscriptionStoppedException>();

        var failure = (await SubscriptionStore.StatusAsync(store, _name)).Failure.ShouldNotBeNull();
        (failure.Kind, failure.Position, failure.StreamId).ShouldBe((kind, bad, $"{_prefix}a"));
        _seen.ShouldBe(["1"]);
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData(Misfit)]
    public async Task It_is_skipped_if_that_is_declared(string change)
    {
        await AppendAsync(change);
        await using var store = Store(FailedEvent.Skip);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _seen.ShouldBe(["1", "3", "4"]);
    }

    [Theory]
    [InlineData(Unknown, FailureKind.UnknownType)]
    [InlineData(Misfit, FailureKind.Unreadable)]
    public async Task It_is_parked_with_its_key_and_replayed_once_it_can_be_read(string change, FailureKind kind)
    {
        var bad = await AppendAsync(change);
        await using var store = Store(FailedEvent.Park);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _seen.ShouldBe(["1", "4"]);
        (await store.Subscriptions.ListParkedAsync(_name, Token)).ShouldHaveSingleItem().Failure.Kind.ShouldBe(kind);

        await bank.TamperAsync($$"""
            update {schema}.events set type = 'note-taken', data = '{"text": "2"}' where position = {{bad}}
            """);
        await store.Subscriptions.ReplayParkedAsync(_name, Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Parked == 0);
        _seen.ShouldBe(["1", "4", "2", "3"]);
        (await bank.ExecuteAsync($$"""
            select string_agg(verb, ' ' order by key) from {schema}.audit where detail->>'subscription' = '{{_name}}'
            """)).ShouldBe("park want-replay free");
    }

    private EventStore Store(FailedEvent then) => bank.With(_name, subscription => subscription
        .Filter(filter => filter.OfStreams(_prefix))

        // A minute until it would be tried again.
        .OnError(3, then, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1))
        .Handle((e, _) =>
        {
            _seen.Enqueue(((NoteTaken)e.Data).Text);
            return Task.CompletedTask;
        }));

    /// <returns>The position of the event that was changed.</returns>
    private async Task<long> AppendAsync(string change)
    {
        await bank.AppendAsync($"{_prefix}a", new NoteTaken("1"));
        var bad = await bank.AppendAsync($"{_prefix}a", new NoteTaken("2"));
        await bank.AppendAsync($"{_prefix}a", new NoteTaken("3"));
        await bank.AppendAsync($"{_prefix}b", new NoteTaken("4"));
        await bank.TamperAsync($"{change}{bad.Position}");
        return bad.Position;
    }
}
