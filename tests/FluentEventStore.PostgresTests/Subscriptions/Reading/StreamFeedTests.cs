using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Events.Reading;
using FluentEventStore.Serialization;
using FluentEventStore.Subscriptions;
using Npgsql;

namespace FluentEventStore.PostgresTests.Subscriptions.Reading;

/// <summary>One stream with its links, each test in a store of its own.</summary>
public sealed class StreamFeedTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BankStore _bank = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _bank.InitializeAsync();

    public ValueTask DisposeAsync() => _bank.DisposeAsync();

    [Fact]
    public async Task A_stream_is_read_in_the_order_of_its_events_and_links_and_a_link_stands_at_its_own_position()
    {
        await _bank.AppendAsync("a", new NoteTaken("1"), new NoteTaken("2"));
        await _bank.AppendAsync("index", new NoteTaken("own"));
        var linked = await _bank.FetchAsync("a");
        await DoAsync(events => events.LinkTo("index", linked[1], linked[0]));
        await _bank.AppendAsync("index", new NoteTaken("last"));
        await using var parts = new LogParts(_bank);
        using var feed = Feed(parts);

        var page = await FetchAsync(parts, feed, "index");

        Places(page).ShouldBe([3, 4, 5, 6]);
        page.Events.Select(static e => ((NoteTaken)e.Data).Text).ShouldBe(["own", "2", "1", "last"]);
        page.Events[1].ShouldSatisfyAllConditions(
            e => e.StreamId.ShouldBe("a"), e => e.Position.ShouldBe(2), e => e.Link!.Position.ShouldBe(4));
        Places(await FetchAsync(parts, feed, "index", after: 4)).ShouldBe([5, 6]);
        Places(await feed.FetchAsync(TenantId.Default, "index", 3, 4, Cancelled)).ShouldBe([4]);
        (await feed.FetchAsync(TenantId.Default, "index", 6, 6, Cancelled)).ShouldBe(new FeedPage(6, 6, []));
        (await feed.FetchAsync("red", "index", 0, 6, Cancelled)).ReadTo.ShouldBe(6);
    }

    [Fact]
    public async Task A_stream_that_does_not_exist_yet_is_read_to_the_end()
    {
        await _bank.AppendAsync("a", new NoteTaken("1"));
        await using var parts = new LogParts(_bank);
        using var feed = Feed(parts);
        var page = await FetchAsync(parts, feed, "later");
        (page.ReadTo, page.Events.Count).ShouldBe((1, 0));

        await _bank.AppendAsync("later", new NoteTaken("2"));
        Places(await FetchAsync(parts, feed, "later", page.ReadTo)).ShouldBe([2]);
    }

    [Fact]
    public async Task An_event_that_cannot_be_read_stands_in_its_place()
    {
        await _bank.AppendAsync("a", new NoteTaken("1"), new NoteTaken("2"), new NoteTaken("3"));
        await _bank.TamperAsync("update {schema}.events set type = 'gone' where position = 2");
        await using var parts = new LogParts(_bank);
        using var feed = Feed(parts);

        (await FetchAsync(parts, feed, "a")).Events.Select(static e => e is UnreadableEvent).ShouldBe([false, true, false]);
    }

    [Fact]
    public async Task Wherever_pages_end_and_whatever_became_of_streams_all_that_is_left_comes_once_and_in_order()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var store = _bank.CreateStore(static options => options.Events.AllowHardDelete = true);
        for (var unit = 0; unit < 150; unit++)
            await RandomUnitAsync(store, random);

        await _bank.AppendAsync("end", new NoteTaken("end"));
        for (var round = 0; round < 10; round++)
        {
            var bounds = new PageBounds { StreamEvents = random.Next(1, 9), Weight = random.Next(1, 60) };
            await using var parts = new LogParts(_bank, bounds);
            using var feed = Feed(parts);
            for (var stream = 0; stream < 6; stream++)
            {
                var after = random.Next(2) == 0 ? 0 : random.NextInt64(300);
                var expected = await ExpectedAsync($"s-{stream}", after);
                List<string> found = [];
                var settled = await parts.SettledAsync();
                while (after < settled)
                {
                    var page = await feed.FetchAsync(TenantId.Default, $"s-{stream}", after, settled, Cancelled);
                    page.ReadTo.ShouldBeInRange(after + 1, settled);
                    page.Events.Count.ShouldBeLessThanOrEqualTo(bounds.StreamEvents);
                    found.AddRange(page.Events.Select(static e => $"{e.Link?.Position ?? e.Position} {e.Id}"));
                    after = page.ReadTo;
                }

                found.ShouldBe(expected, $"seed {seed}, s-{stream}, {bounds}");
            }
        }
    }

    [Theory]
    [InlineData("many", 100_000)]
    [InlineData("index", 100_200)]
    public async Task A_page_of_a_long_stream_reads_about_its_own_events_alone(string streamId, long settled)
    {
        await _bank.AppendAsync("many", [.. Enumerable.Range(0, 100_000).Select(static index => new NoteTaken("a"))]);
        await _bank.AppendAsync("index", [.. Enumerable.Range(0, 100).Select(static index => new NoteTaken("a"))]);
        await _bank.ExecuteAsync(
            """
            insert into {schema}.links (stream, version, position, event_position, event_id)
            select s.key, 100 + e.position, 200000 + e.position, e.position, e.id
            from {schema}.events e, {schema}.streams s
            where s.id = 'index' and e.position <= 100000;
            select set_config('fes.permit', 'tampering', true);
            update {schema}.streams set version = 100100, linked = true where id = 'index';
            """);
        await _bank.ExecuteAsync("analyze {schema}.events, {schema}.links, {schema}.streams");
        await using var parts = new LogParts(_bank);
        using var feed = Feed(parts);
        var reading = new PlanReading(_bank);
        var after = streamId == "index" ? 250_000 : 50_000;
        settled = streamId == "index" ? 300_000 : settled;

        parts.Database.OnPage = reading.ExplainAsync;
        (await feed.FetchAsync(TenantId.Default, streamId, after, settled, Cancelled)).Events.Count.ShouldBe(500);

        reading.Plan.ShouldNotContain("Seq Scan");
        reading.Buffers.ShouldBeLessThan(8_000, reading.Plan);
    }

    private static IEnumerable<long> Places(FeedPage page) => page.Events.Select(static e => e.Link?.Position ?? e.Position);

    private static StreamFeed Feed(LogParts parts) => new(parts.Database, parts.Schema, parts.Personal, parts.Bounds);

    private static async Task<FeedPage> FetchAsync(LogParts parts, StreamFeed feed, StreamId streamId, long after = 0) =>
        await feed.FetchAsync(TenantId.Default, streamId, after, await parts.SettledAsync(), Cancelled);

    private async Task DoAsync(Action<IEventOperations> change, EventStore? store = null)
    {
        await using var session = (store ?? _bank.Store).OpenSession();
        change(session.Events);
        await session.SaveChangesAsync(Cancelled);
    }

    private async Task RandomUnitAsync(EventStore store, Random random)
    {
        StreamId id = $"s-{random.Next(6)}";
        List<IEvent> all;
        try
        {
            switch (random.Next(14))
            {
                case 0:
                    await DoAsync(events => events.ArchiveStream(id), store);
                    break;
                case 1:
                    await DoAsync(events => events.UnarchiveStream(id), store);
                    break;
                case 2:
                    await DoAsync(events => events.DeleteStream(id), store);
                    break;
                case 3 or 4:
                    await DoAsync(events => events.UndeleteStream(id), store);
                    break;
                case 5 when random.Next(4) == 0:
                    await DoAsync(events => events.HardDeleteStream(id), store);
                    break;
                case 6 when random.Next(8) == 0:
                    await DoAsync(events => events.TombstoneStream(id), store);
                    break;
                case 7:
                    await DoAsync(events => events.TruncateStream(id, random.Next(1, 8)), store);
                    break;
                case 8:
                    await DoAsync(events => events.CompactStream(id, random.Next(1, 6), new NoteTaken("1 to n")), store);
                    break;
                case 9 or 10 or 11:
                    await using (var session = store.OpenQuerySession())
                        all = await session.Events.ReadAllAsync(cancellationToken: Cancelled).ToListAsync(Cancelled);
                    await DoAsync(
                        events => events.LinkTo(id, all.Where(e => e.StreamId != id).OrderBy(_ => random.Next()).Take(3).Select(e => e.Id)),
                        store);
                    break;
                default:
                    await DoAsync(
                        events => events.Append(id, Enumerable.Range(0, random.Next(1, 5)).Select(n => new NoteTaken(new('x', n * 50)))),
                        store);
                    break;
            }
        }
        catch (FluentEventStoreException)
        {
            // Not every stream can be changed in every way.
        }
        catch (ArgumentException)
        {
            // There was nothing to link to.
        }
    }

    /// <summary>What the tables hold, without any regard to what it costs.</summary>
    private async Task<List<string>> ExpectedAsync(string streamId, long after)
    {
        var text = (string)(await _bank.ExecuteAsync(
            $$"""
            select coalesce(string_agg(place || ' ' || id, ',' order by place), '')
            from (
              select e.position as place, e.id
              from {schema}.events e join {schema}.streams s on s.key = e.stream
              where s.tenant = 'default' and s.id = '{{streamId}}' and s.state <= 2 and e.version >= s.truncated_before
              union all
              select l.position, e.id
              from {schema}.links l
              join {schema}.streams s on s.key = l.stream
              join {schema}.events e on e.position = l.event_position and (l.event_id is null or l.event_id = e.id)
              join {schema}.streams o on o.key = e.stream and o.state <= 2 and o.truncated_before <= e.version
              where s.tenant = 'default' and s.id = '{{streamId}}' and s.state <= 2 and l.version >= s.truncated_before
            ) as rows
            where place > {{after}}
            """))!;
        return [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <summary>Has the server say how it would read a page.</summary>
    private sealed class PlanReading(BankStore bank)
    {
        public string Plan { get; private set; } = "";

        public long Buffers { get; private set; }

        public async Task ExplainAsync(NpgsqlBatch batch)
        {
            await using var connection = new NpgsqlConnection(bank.ConnectionString);
            await connection.OpenAsync(Cancelled);
            await using var explaining = new NpgsqlBatch(connection);
            explaining.BatchCommands.Add(new NpgsqlBatchCommand(batch.BatchCommands[0].CommandText));
            var explained = new NpgsqlBatchCommand(
                $"explain (analyze, buffers, costs off, timing off) {batch.BatchCommands[1].CommandText}");
            foreach (NpgsqlParameter parameter in batch.BatchCommands[1].Parameters)
                explained.Parameters.Add(parameter.Clone());

            explaining.BatchCommands.Add(explained);
            await using var rows = await explaining.ExecuteReaderAsync(Cancelled);
            await rows.NextResultAsync(Cancelled);
            List<string> lines = [];
            while (await rows.ReadAsync(Cancelled))
                lines.Add(rows.GetString(0));

            Plan = string.Join('\n', lines);
            var buffers = lines.First(static line => line.Contains("Buffers:", StringComparison.Ordinal));
            Buffers = buffers.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(static part => part.Split('='))
                .Where(static part => part is ["hit" or "read", _])
                .Sum(static part => long.Parse(part[1], System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
