using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Tenancy;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>A database that has no more characters than LATIN1.</summary>
public sealed class LatinDatabaseTests(TenantServer server) : IClassFixture<TenantServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Streams_are_found_by_what_their_ids_start_with()
    {
        await using var store = await CreateStoreAsync();
        await using var session = store.OpenSession();
        foreach (var id in (string[])["caf", "cafe-1", "café-1", "café-2", "cafÿ", "cag", "ÿ", "ÿÿ", "þ"])
            session.Events.Append(id, new NoteTaken(id));
        await session.SaveChangesAsync(Cancelled);

        foreach (var (prefix, expected) in ((string, string)[])[
            ("caf", "caf cafe-1 café-1 café-2 cafÿ"),
            ("café", "café-1 café-2"),
            ("café-2", "café-2"),
            ("cafÿ", "cafÿ"),
            ("ÿ", "ÿ ÿÿ"),
            ("x", "")
        ])
        {
            var listed = await session.Events.ListStreamsAsync(new StreamQuery { Prefix = prefix }, Cancelled);
            string.Join(' ', listed.Streams.Select(static stream => stream.StreamId)).ShouldBe(expected, prefix);
            listed.TotalCount.ShouldBe(listed.Streams.Count);

            var read = await session.Events.ReadAllAsync(new EventFilter().OfStreams(prefix), Cancelled).ToListAsync(Cancelled);
            string.Join(' ', read.Select(static e => e.StreamId)).ShouldBe(expected, prefix);
        }
    }

    private async Task<EventStore> CreateStoreAsync()
    {
        // If the server has locales of its own, the template uses one of them, and they know Unicode alone.
        var hasProviders =
            await Database.AskAsync(server.ConnectionString, "select current_setting('server_version_num')::int >= 150000") is true;
        var connectionString = await server.CreateDatabaseAsync(
            $"encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' {(hasProviders ? "locale_provider libc" : "")} template template0");
        var store = EventStore.For(options => options.Connection(connectionString));
        await store.Schema.ApplyAsync(Cancelled);
        return store;
    }
}
