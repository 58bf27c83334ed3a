namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>
/// Subscriptions to streams of numbered events that leave a trace of each: copies of events, by single events and by pages; documents that
/// are read and written; effects outside.
/// </summary>
internal static class Copying
{
    /// <summary>What the ids of the streams begin with.</summary>
    public const string Sources = "source-";

    /// <summary>The one whose effects are outside of the store.</summary>
    public const string Outside = "effects";

    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);

    /// <summary>All of them; those before the last write with the session that they are given.</summary>
    public static readonly string[] Names = ["copies", "pages", "seen", Outside];

    /// <summary>Declares the subscriptions.</summary>
    /// <param name="subscriptions">Of a store.</param>
    /// <param name="effect">Told of each effect outside: subscription, stream, number, fencing token.</param>
    /// <param name="before">What each handler does first; it may throw.</param>
    /// <param name="then">What becomes of events that fail.</param>
    public static void Declare(
        DeclaredSubscriptions subscriptions,
        Action<string, string, int, long> effect,
        Func<IEvent, Task>? before = null,
        FailedEvent then = FailedEvent.Stop)
    {
        before ??= static _ => Task.CompletedTask;
        subscriptions.Lease = Lease;
        subscriptions.MaxParkedKeys = 5_000;
        Add("copies", ranges: 4, async (e, context) =>
        {
            await before(e);
            context.Session.Events.Append(CopyOf("copies", e.StreamId.Value), new NumberCopied(NumberOf(e)));
        });
        subscriptions.Add("pages", subscription => Complete(subscription, ranges: 2).HandlePages(async (events, context) =>
        {
            await before(events[0]);
            foreach (var e in events)
                context.Session.Events.Append(CopyOf("pages", e.StreamId.Value), new NumberCopied(NumberOf(e)));
        }));
        Add("seen", ranges: 2, async (e, context) =>
        {
            await before(e);
            var seen = await context.Session.LoadAsync<NumbersSeen>(e.StreamId.Value, context.CancellationToken);
            context.Session.Store((seen ?? new NumbersSeen(e.StreamId.Value, 0, 0, 0)).With(NumberOf(e)));
        });
        Add(Outside, ranges: 3, async (e, context) =>
        {
            await before(e);
            effect(context.Subscription, e.StreamId.Value, NumberOf(e), context.FencingToken);
        });

        void Add(string name, int ranges, Func<IEvent, SubscriptionContext, Task> handle) =>
            subscriptions.Add(name, subscription => Complete(subscription, ranges).Handle(handle));

        SubscriptionBuilder Complete(SubscriptionBuilder subscription, int ranges) => subscription
            .Filter(static filter => filter.OfStreams(Sources))
            .PartitionByStream(ranges)
            .OnError(0, then);
    }

    public static int NumberOf(IEvent e) => ((Counted)e.Data).Number;

    /// <summary>Waits until subscriptions have handled everything.</summary>
    /// <returns>Whether they have.</returns>
    public static async Task<bool> CatchUpAsync(EventStore store, TimeSpan limit, params string[] others)
    {
        if (await SubscriptionLag.TryEndAsync(store, limit, [.. Names, .. others]) is not { } why)
            return true;

        TestContext.Current.TestOutputHelper?.WriteLine(why);
        return false;
    }

    /// <summary>Compares what was written with what each subscription did.</summary>
    /// <param name="store">The store.</param>
    /// <param name="written">How many events each stream has.</param>
    /// <param name="effects">What was done outside.</param>
    /// <param name="others">Further subscriptions with effects outside.</param>
    public static async Task<IReadOnlyDictionary<string, Outcome>> CompareAsync(
        EventStore store, IReadOnlyDictionary<string, int> written, Effects effects, params string[] others)
    {
        var copies = await ReadCopiesAsync(store);
        await using var session = store.OpenQuerySession();
        var seen = (await session.LoadManyAsync<NumbersSeen>(written.Keys, TestContext.Current.CancellationToken))
            .ToDictionary(static one => one.Id);
        var outcomes = new Dictionary<string, Outcome>
        {
            ["copies"] = Sum(stream => Outcome.Of(written[stream], copies.GetValueOrDefault(CopyOf("copies", stream), []))),
            ["pages"] = Sum(stream => Outcome.Of(written[stream], copies.GetValueOrDefault(CopyOf("pages", stream), []))),
            ["seen"] = Sum(stream => seen.TryGetValue(stream, out var one)
                ? new Outcome(written[stream], one.Missed + written[stream] - one.Last, one.Repeated, OutOfOrder: 0)
                : new Outcome(written[stream], written[stream], Doubled: 0, OutOfOrder: 0)),
        };
        foreach (var name in (string[])[Outside, .. others])
            outcomes[name] = Sum(stream => Outcome.OfRepeatable(written[stream], effects.Of(name, stream)));

        foreach (var (name, outcome) in outcomes)
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {outcome}");

        return outcomes;

        Outcome Sum(Func<string, Outcome> judge) => written.Keys.Select(judge).Aggregate(Outcome.None, static (all, one) => all + one);
    }

    private static string CopyOf(string subscription, string stream) => $"{subscription}-of-{stream}";

    private static async Task<Dictionary<string, List<int>>> ReadCopiesAsync(EventStore store)
    {
        var copies = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        await using var session = store.OpenQuerySession();
        var filter = new EventFilter().OfType<NumberCopied>();
        await foreach (var e in session.Events.ReadAllAsync(filter, TestContext.Current.CancellationToken))
        {
            if (!copies.TryGetValue(e.StreamId.Value, out var numbers))
                copies.Add(e.StreamId.Value, numbers = []);

            numbers.Add(((NumberCopied)e.Data).Number);
        }

        return copies;
    }
}
