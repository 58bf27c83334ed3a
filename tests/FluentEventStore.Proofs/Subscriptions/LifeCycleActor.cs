namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>Does to streams of its own whatever can be done to streams, by chance.</summary>
internal sealed class LifeCycleActor(EventStore store, int number, int seed)
{
    /// <summary>What the ids of the streams begin with.</summary>
    public const string Streams = "life-";

    /// <summary>The stream that links to events of all others.</summary>
    public const string Linked = "linked";

    private const int Count = 6;

    private readonly Random _random = new(seed + number);
    private readonly Guid[] _people = [.. Enumerable.Range(0, Count).Select(static _ => Guid.NewGuid())];
    private int _tombstones;

    /// <summary>How often each thing was done.</summary>
    public Dictionary<string, int> Calls { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task RunAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var index = _random.Next(Count);
            try
            {
                var done = await ActAsync($"{Streams}{number}-{index}-{(index == 0 ? _tombstones : 0)}", index);
                Calls[done] = Calls.GetValueOrDefault(done) + 1;
            }
            catch (FluentEventStoreException)
            {
                // What cannot be done to a stream in its state is refused.
            }

            await Task.Delay(_random.Next(15), Token);
        }
    }

    private async Task<string> ActAsync(string stream, int index)
    {
        await using var session = store.OpenSession();
        var events = session.Events;
        var version = (await events.FetchStreamStateAsync(stream, Token))?.Version ?? 0;
        var what = _random.Next(40);
        switch (what)
        {
            case 0:
                events.ArchiveStream(stream);
                break;
            case 1 or 2:
                events.UnarchiveStream(stream);
                break;
            case 3:
                events.DeleteStream(stream);
                break;
            case 4 or 5:
                events.UndeleteStream(stream);
                break;
            case 6:
                events.TruncateStream(stream, _random.NextInt64(1, version + 2));
                break;
            case 7:
                events.CompactStream(stream, _random.NextInt64(1, version + 2), new NoteTaken("compacted"));
                break;
            case 8:
                events.HardDeleteStream(stream);
                break;
            case 9 when index == 0:
                events.TombstoneStream(stream);
                _tombstones++;
                break;
            case 10 or 11 or 12:
                events.LinkTo(Linked, [.. (await events.FetchStreamAsync(stream, Token)).OrderBy(_ => _random.Next()).Take(2)]);
                break;
            case 13:
                _ = await store.Privacy.ForgetAsync(_people[index], cancellationToken: Token);
                _people[index] = Guid.NewGuid();
                return "forget";
            case 14:
                await store.Privacy.MaskAsync(stream, cancellationToken: Token);
                return "mask";
            default:
                events.Append(stream, [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => NextEvent(index))]);
                what = 15;
                break;
        }

        await session.SaveChangesAsync(Token);
        return what switch
        {
            0 => "archive",
            1 or 2 => "unarchive",
            3 => "delete",
            4 or 5 => "undelete",
            6 => "truncate",
            7 => "compact",
            8 => "hard delete",
            9 => "tombstone",
            10 or 11 or 12 => "link",
            _ => "append",
        };
    }

    private object NextEvent(int index) => _random.Next(2) == 0
        ? new NoteTaken("a")
        : new PersonRegistered(_people[index], "name", "mail", null, new DateOnly(2000, 1, 1), null);
}
