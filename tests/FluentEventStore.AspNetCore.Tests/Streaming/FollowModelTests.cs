using System.Globalization;
using Microsoft.AspNetCore.Builder;

namespace FluentEventStore.AspNetCore.Tests.Streaming;

/// <summary>Clients that lose their connections while others write get each event once, in the order of the log.</summary>
public sealed class FollowModelTests(PostgresServer server) : IAsyncLifetime
{
    private const int Writers = 4;
    private const int Units = 40;

    private readonly ShopStore _shop = new(server);
    private long _end = long.MaxValue;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _shop.InitializeAsync();

    public ValueTask DisposeAsync() => _shop.DisposeAsync();

    [Fact]
    public async Task No_event_is_skipped_or_comes_twice_however_often_a_client_has_to_connect_again()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        await using var host = await _shop.StartAsync(
            static app =>
            {
                app.MapGet("/streams/{id}", static (string id) => EventStoreResults.FollowStream(id));
                app.MapGet("/log", static () => EventStoreResults.FollowLog());
                app.MapGet("/filtered", static () => EventStoreResults.FollowLog(new EventFilter().OfType<TillClosed>()));
            },
            static services => services.AddFluentEventStoreWeb(static web => web.Heartbeat = TimeSpan.FromMilliseconds(1)));
        await _shop.AppendAsync("s0", new TillClosed());

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(new Random(seed + writer))));
        var following = Task.WhenAll(
            FollowAsync(host, "/log", new Random(seed + 10)),
            FollowAsync(host, "/log", new Random(seed + 11)),
            FollowAsync(host, "/streams/s0", new Random(seed + 12)),
            FollowAsync(host, "/filtered", new Random(seed + 13)));
        await writing;
        var last = await _shop.SaveAsync(static session => session.Events.Append("s0", new TillFilled(1), new TillClosed()));
        Volatile.Write(ref _end, last.Position);

        var seen = await following;

        var all = await ReadAllAsync();
        seen[0].ShouldBe(all.Select(static e => e.Position));
        seen[1].ShouldBe(all.Select(static e => e.Position));
        seen[2].ShouldBe(all.Where(static e => e.StreamId == "s0").Select(static e => e.Position));
        seen[3].ShouldBe(all.Where(static e => e.Data is TillClosed).Select(static e => e.Position));
        all.Count.ShouldBeGreaterThan(Writers * Units);
    }

    // Beside the store of the application: its events are seen by asking, not at once.
    private async Task WriteAsync(Random random)
    {
        foreach (var _ in Enumerable.Range(0, Units))
        {
            await using var session = _shop.Store.OpenSession();
            foreach (var stream in Enumerable.Range(0, random.Next(1, 3)))
            {
                var events = Enumerable.Range(0, random.Next(1, 4)).Select(
                    _ => random.Next(3) == 0 ? (object)new TillClosed() : new TillFilled(1));
                session.Events.Append($"s{random.Next(3)}", [.. events]);
            }

            await session.SaveChangesAsync(Cancellation);
        }
    }

    private async Task<List<long>> FollowAsync(WebHost host, string path, Random random)
    {
        var seen = new List<long>();
        string? lastEventId = null;
        while (true)
        {
            (string, string)[] headers = lastEventId is null ? [] : [("Last-Event-ID", lastEventId)];
            using var source = await EventSource.ConnectAsync(host, path, headers);
            for (var left = random.Next(1, 30); left > 0 && await source.NextMessageAsync() is { } message; left--)
            {
                lastEventId = source.LastEventId ?? lastEventId;
                if (message.Data is not null)
                    seen.Add(long.Parse(message.Id!, CultureInfo.InvariantCulture));

                if (seen is [.., var last] && last == Volatile.Read(ref _end))
                    return seen;
            }
        }
    }

    private async Task<List<IEvent>> ReadAllAsync()
    {
        await using var session = _shop.Store.OpenQuerySession();
        return await session.Events.ReadAllAsync(Cancellation).ToListAsync(Cancellation);
    }
}
