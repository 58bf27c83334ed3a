using System.Collections.Concurrent;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Subscriptions.Pulling;

namespace FluentEventStore.PostgresTests.Subscriptions;

/// <summary>Whatever narrows a subscription, it gets these events and no others, before it has caught up and afterwards.</summary>
public sealed class FilterTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static readonly Dictionary<string, (Action<EventFilter, string> Narrow, string[] Texts)> Filters = new()
    {
        ["stream"] = (static (filter, run) => filter.OfStream($"{run}-a"), ["plain", "typed"]),
        ["category"] = (static (filter, run) => filter.OfStreams($"{run}-b"), ["tagged", "of a header"]),
        ["aggregate"] = (static (filter, run) => filter.OfStreams(run).OfAggregate("notebook"), ["of an aggregate"]),
        ["types"] = (static (filter, run) => filter.OfStreams(run).OfType<FeeCharged>(), ["typed"]),
        ["a type that nobody knows"] = (static (filter, run) => filter.OfStreams(run).OfTypes("unheard-of"), []),
        ["tag"] = (static (filter, run) => filter.OfStreams(run).WithTag("colour", "red"), ["tagged"]),
        ["header"] = (static (filter, run) => filter.OfStreams(run).WithHeader("source", "import"), ["of a header"]),
        ["tenant"] = (static (filter, run) => filter.OfStreams(run).OfTenants("north"), ["of a tenant"]),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names => [.. Filters.Keys];

    private readonly string _run = $"f{Guid.NewGuid():N}";
    private readonly ConcurrentQueue<string> _seen = new();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_declared_subscription_gets_what_its_filter_lets_pass(string name)
    {
        await AppendAsync();
        await using var store = bank.With(_run, subscription => subscription
            .Filter(filter => Filters[name].Narrow(filter, _run))
            .Handle((e, _) =>
            {
                _seen.Enqueue(TextOf(e));
                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        await AppendAsync();
        await daemon.CatchUpAsync(Token);
        _seen.ShouldBe([.. Filters[name].Texts, .. Filters[name].Texts]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public Task So_does_a_pulled_one(string name) => PullAsync(name, isTransient: false);

    [Theory]
    [MemberData(nameof(Names))]
    public Task So_does_a_transient_one(string name) => PullAsync(name, isTransient: true);

    [Fact]
    public async Task A_category_is_of_streams_whose_ids_go_on_with_a_hyphen_and_a_predicate_is_asked_after_it()
    {
        await bank.AppendAsync($"{_run}-1", new NoteTaken("one"), new NoteTaken("two"));
        await bank.AppendAsync($"{_run}s-1", new NoteTaken("another category"));
        await using var store = bank.With(_run, subscription => subscription
            .ForCategory(_run)
            .Where(e => e.Version == 2)
            .Handle((e, _) =>
            {
                _seen.Enqueue(TextOf(e));
                return Task.CompletedTask;
            }));
        await using var daemon = await SubscriptionStore.CatchUpAsync(store);
        _seen.ShouldBe(["two"]);
    }

    private async Task PullAsync(string name, bool isTransient)
    {
        await AppendAsync();
        var filter = new EventFilter();
        Filters[name].Narrow(filter, _run);

        // What comes last, so that nothing else is still to come.
        filter = Filters[name].Texts is [] ? filter.OfType<MoneyDeposited>() : filter;
        await using var subscription = await bank.Store.Subscriptions.OpenAsync(
            _run, new SubscriptionOptions { Filter = filter, IsTransient = isTransient }, Token);
        await using var reader = new PulledReader(subscription);
        await TakeAsync();
        await AppendAsync();
        await TakeAsync();
        if (Filters[name].Texts is not [])
            return;

        await bank.AppendAsync($"{_run}-a", new MoneyDeposited(Guid.Empty, 1));
        (await reader.TakeAsync()).Event.Data.ShouldBeOfType<MoneyDeposited>();

        async Task TakeAsync()
        {
            foreach (var text in Filters[name].Texts)
            {
                var delivery = await reader.TakeAsync();
                TextOf(delivery.Event).ShouldBe(text);
                await delivery.AckAsync(Token);
            }
        }
    }

    private static string TextOf(IEvent e) => e.Data is NoteTaken note ? note.Text : "typed";

    private async Task AppendAsync()
    {
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.Append($"{_run}-a", new NoteTaken("plain"), new FeeCharged(1, "a"));
            session.Events.Append($"{_run}-b", new NoteTaken("tagged")).WithTag("colour", "red");
            session.Events.Append($"{_run}-b", new NoteTaken("of a header")).WithHeader("source", "import");
            session.Events.StartStream<Notebook>($"{_run}-{Guid.NewGuid():N}", new NoteTaken("of an aggregate"));
            await session.SaveChangesAsync(Token);
        }

        await using var north = bank.Store.OpenSession("north");
        north.Events.Append($"{_run}-c", new NoteTaken("of a tenant"));
        await north.SaveChangesAsync(Token);
    }
}
