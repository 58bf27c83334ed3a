using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Telemetry;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>A process wakes up, and others have taken over meanwhile, or a newer release has.</summary>
public sealed class FencingTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>, IDisposable
{
    private const int Fenced = 1802;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _prefix = $"p{Guid.NewGuid():N}-";
    private readonly LogRecorder _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task What_it_was_about_to_write_is_refused_and_told_with_both_epochs_and_it_goes_on_with_what_it_owns()
    {
        var (entered, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = true;
        await using var store = bank.With(
            _name,
            subscription => subscription
                .Filter(filter => filter.OfStreams(_prefix))
                .PartitionByStream(2)
                .Handle(async (e, context) =>
                {
                    context.Session.Events.Append($"copy-{e.StreamId}", e.Data);
                    if (((NoteTaken)e.Data).Text == "slow" && Interlocked.Exchange(ref first, false))
                    {
                        entered.SetResult();
                        await goOn.Task;
                    }
                }),
            options => options.LoggerFactory = _log);
        await using var daemon = await SubscriptionStore.CatchUpAsync(store, DaemonMode.HotCold);
        await bank.AppendAsync($"{_prefix}a", new NoteTaken("slow"));
        await entered.Task.WaitAsync(Token);
        await SubscriptionStore.WaitAsync(store, _name, static status => status.Ranges[0].Position != status.Ranges[1].Position);
        var before = await EpochsAsync(store);

        // As another process does that finds this one silent: it takes the range of the event, and dies.
        var stolen = (short)(await bank.ExecuteAsync($$"""
            update {schema}.checkpoints set owner = gen_random_uuid(), epoch = nextval('{schema}.epochs')
            where subscription = '{{_name}}' and position < (select max(position) from {schema}.events)
            returning first
            """))!;
        var taken = (await EpochsAsync(store))[stolen];
        goOn.SetResult();
        await daemon.CatchUpAsync(Token);

        var told = _log.Of(Fenced).ShouldHaveSingleItem();
        (told.Values["Epoch"], told.Values["ActualEpoch"]).ShouldBe((before[stolen], taken));
        (await bank.FetchAsync($"copy-{_prefix}a")).ShouldHaveSingleItem();
        var after = await EpochsAsync(store);
        after[stolen].ShouldBeGreaterThan(taken);
        var other = after.Keys.Single(range => range != stolen);
        after[other].ShouldBe(before[other]);
    }

    [Fact]
    public async Task A_newer_release_takes_the_subscription_from_one_that_runs_and_that_goes_on_with_its_others()
    {
        var both = $"{_name}-both";
        await using var old = Release(1);
        await using var oldDaemon = await SubscriptionStore.CatchUpAsync(old, DaemonMode.HotCold);
        await AppendAsync("1");
        await oldDaemon.CatchUpAsync(Token);
        await using var next = Release(2);
        await using (var nextDaemon = await SubscriptionStore.CatchUpAsync(next, DaemonMode.HotCold))
        {
            await next.WaitForAsync(await AppendAsync("2"), [_name, both], TimeSpan.FromSeconds(20), Token);
            (await NotesAsync("by")).ShouldBe(["1 by 1", "2 by 2"]);
            await nextDaemon.StopAsync(Token);
        }

        // Nobody is left who knows it. What both know goes on.
        var last = await AppendAsync("3");
        await old.WaitForAsync(last, both, TimeSpan.FromSeconds(20), Token);
        (await NotesAsync("for")).ShouldBe(["1 for both", "2 for both", "3 for both"]);
        var status = await SubscriptionStore.StatusAsync(old, _name);
        (status.Version, status.State, status.Lag > 0).ShouldBe((2, SubscriptionState.Unowned, true));
        (await NotesAsync("by")).Count().ShouldBe(2);

        EventStore Release(int version) => bank.With(
            _name,
            subscription => Declare(subscription, "by", $"{version}").PartitionByStream(4).Version(version),
            options => options.Subscriptions.Add(both, subscription => Declare(subscription, "for", "both")));

        SubscriptionBuilder Declare(SubscriptionBuilder subscription, string stream, string who) => subscription
            .Filter(filter => filter.OfStreams(_prefix))
            .Handle((e, context) =>
            {
                context.Session.Events.Append($"{stream}-{_prefix}", new NoteTaken($"{((NoteTaken)e.Data).Text} {stream} {who}"));
                return Task.CompletedTask;
            });

        async Task<IEnumerable<string>> NotesAsync(string stream) =>
            (await bank.FetchAsync($"{stream}-{_prefix}")).Select(static e => ((NoteTaken)e.Data).Text);
    }

    private Task<Commit> AppendAsync(string text) => bank.AppendAsync($"{_prefix}a", new NoteTaken(text));

    private async Task<Dictionary<int, long>> EpochsAsync(EventStore store) =>
        (await SubscriptionStore.StatusAsync(store, _name)).Ranges.ToDictionary(
            static range => (int)range.FirstSlice, static range => range.Epoch);
}
