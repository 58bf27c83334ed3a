using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public sealed class CompactionTests(BankStore bank) : IClassFixture<BankStore>, IAsyncLifetime
{
    private readonly StreamId _id = $"ledger-{Guid.NewGuid()}";

    public async ValueTask InitializeAsync() =>
        await bank.AppendAsync(_id, [.. Enumerable.Range(1, 6).Select(static number => new AmountEntered(number))]);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task After_a_compaction_the_state_is_the_same_and_the_versions_go_on()
    {
        var before = await AggregateAsync();
        var replaced = (await bank.FetchAsync(_id))[3];

        await CompactAsync(4, new BalanceCarried(10));

        (await AggregateAsync()).ShouldBe(before);
        var events = await bank.FetchAsync(_id);
        events.Select(static e => e.Version).ShouldBe([4, 5, 6]);
        events[0].Data.ShouldBe(new BalanceCarried(10));
        events[0].Position.ShouldBe(replaced.Position);
        (await bank.AppendAsync(_id, new AmountEntered(7))).Streams[_id].Version.ShouldBe(7);
    }

    [Fact]
    public async Task A_stream_may_be_compacted_again_at_a_later_version()
    {
        await CompactAsync(2, new BalanceCarried(3));
        await CompactAsync(6, new BalanceCarried(21));
        (await AggregateAsync())!.Total.ShouldBe(21);
        (await bank.FetchAsync(_id)).ShouldHaveSingleItem().Version.ShouldBe(6);
    }

    [Fact]
    public async Task A_version_without_an_event_in_the_stream_is_refused()
    {
        (await Should.ThrowAsync<StreamTruncationException>(() => CompactAsync(7, new BalanceCarried(0)))).Actual.ShouldBe(6);
        await CompactAsync(4, new BalanceCarried(10));
        await Should.ThrowAsync<StreamTruncationException>(() => CompactAsync(3, new BalanceCarried(0)));
        (await bank.FetchAsync(_id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_a_truncation_has_hidden_does_not_come_back()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.TruncateStream(_id, 5);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        var refusal = await Should.ThrowAsync<StreamTruncationException>(() => CompactAsync(3, new BalanceCarried(6)));

        (refusal.BeforeVersion, refusal.Actual).ShouldBe((3, 6));
        (await bank.FetchAsync(_id)).Select(static e => e.Version).ShouldBe([5, 6]);
    }

    [Fact]
    public async Task What_is_not_an_event_or_not_a_version_is_refused_at_the_call()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Events.CompactStream(_id, 1, (object)"text"));
        Should.Throw<ArgumentOutOfRangeException>(() => session.Events.CompactStream(_id, 0, new BalanceCarried(0)));
    }

    private async Task CompactAsync(long version, object replacement)
    {
        await using var session = bank.Store.OpenSession();
        session.Events.CompactStream(_id, version, replacement);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private async Task<Ledger?> AggregateAsync()
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.Events.AggregateStreamAsync<Ledger>(_id, cancellationToken: TestContext.Current.CancellationToken);
    }
}
