using FluentEventStore;
using FluentEventStore.AotSmoke.Contracts;

await using var store = EventStore.For(options => options.Connection(args[0]));
await store.Schema.ApplyAsync();
await store.Schema.AssertAsync();
await using var session = store.OpenSession();
var id = Guid.NewGuid();
session.Events.Append(id, new ParcelSent(id, "Ada", 1.5m, ["book"]));
await session.SaveChangesAsync();
await foreach (var e in session.Events.ReadAllAsync())
    Console.WriteLine(e.Data);
return 0;
