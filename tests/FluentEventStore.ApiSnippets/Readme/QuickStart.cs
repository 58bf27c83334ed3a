// begin-snippet: configure
using FluentEventStore;
// end-snippet

namespace Shop;

/// <summary>The first steps of README.md, in its order.</summary>
public static class QuickStart
{
    /// <param name="Console">Stands in for the console, so that the code is the one of a program.</param>
    public static async Task RunAsync(TextWriter Console)
    {
        // begin-snippet: configure
        await using var postgres = await LocalPostgres.StartAsync();           // or your own server
        await using var store = EventStore.For(options =>
        {
            options.Connection(postgres.ConnectionString);
            options.Schema = "shop";
            options.Projections.Snapshot<Cart>(ProjectionLifecycle.Inline);     // keep each cart as a document too
        });
        await store.Schema.ApplyAsync();                                        // creates what is missing
        // end-snippet

        // begin-snippet: write
        var cartId = Guid.CreateVersion7();
        await using (var session = store.OpenSession())
        {
            session.Store(new Product("tea", "Green tea", 4.20m));
            session.Events.StartStream<Cart>(cartId, new CartOpened(cartId, "Ada"), new ItemAdded("tea", 2, 4.20m));
            Commit commit = await session.SaveChangesAsync();                   // all of it or nothing
            Console.WriteLine($"Version {commit.Streams[cartId].Version}, position {commit.Position}");
        }
        // end-snippet

        // begin-snippet: decide
        await using (var session = store.OpenSession())
        {
            IEventStream<Cart> stream = await session.Events.FetchForWritingAsync<Cart>(cartId);
            if (stream.Aggregate is { IsCheckedOut: false, Total: > 0 })
                stream.Append(new CheckedOut());
            await session.SaveChangesAsync();                                   // StreamVersionConflictException if somebody was faster
        }
        // end-snippet

        // begin-snippet: read
        await using (var session = store.OpenQuerySession())
        {
            Product? tea = await session.LoadAsync<Product>("tea");
            Cart? now = await session.Events.FetchLatestAsync<Cart>(cartId);
            Cart? before = await session.Events.AggregateStreamAsync<Cart>(cartId, new StreamRange { To = 2 });
            Console.WriteLine($"{tea?.Name}: checked out {before?.IsCheckedOut}, now {now?.IsCheckedOut}");

            foreach (IEvent e in await session.Events.FetchStreamAsync(cartId))
                Console.WriteLine($"{e.Version} {e.TypeName} {e.Data}");

            await foreach (IEvent e in session.Events.ReadAllAsync(new EventFilter().OfType<ItemAdded>()))
                Console.WriteLine($"{e.Position} {e.StreamId} {e.Timestamp:u}");
        }
        // end-snippet
    }
}
