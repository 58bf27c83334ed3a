using FluentEventStore;
using FluentEventStore.AotSmoke;

// Published with Native AOT and run against the server that the first argument names. LocalPostgres is left out: if no PostgreSQL is
// installed it uses Docker's client, which reflects.
if (args is not [var connectionString])
{
    await Console.Error.WriteLineAsync("Usage: FluentEventStore.AotSmoke CONNECTION_STRING");
    return 2;
}

var schema = $"smoke_{Guid.NewGuid():N}"[..18];
await using var store = EventStore.For(options =>
{
    options.Connection(connectionString);
    options.Schema = schema;
    options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
    options.Projections.SnapshotLive<Account>(every: 3);
    options.Privacy.Mask<OwnerNamed>(static e => e with { Name = "A." });
});

var checks = new Checks(Console.Out);
await checks.RunAsync("a missing schema is told, with the SQL", async () =>
    Checks.Equal(true, (await Checks.ThrowsAsync<SchemaMismatchException>(() => store.Schema.AssertAsync())).Sql.Length > 0));
await checks.RunAsync("the schema is applied", async () => Checks.Equal(true, (await store.Schema.ApplyAsync()).Applied.Length > 0));
await checks.RunAsync("a second time there is nothing to apply", async () => Checks.Equal("", (await store.Schema.ApplyAsync()).Applied));
await checks.RunAsync("the schema is as it should be", async () => Checks.Equal(0, (await store.Schema.AssertAsync()).Drift.Count));
await checks.RunAsync("another lock tag is drawn", async () =>
{
    await store.Schema.RenewLockTagAsync();
    Checks.Equal(0, (await store.Schema.AssertAsync()).Drift.Count);
});

var events = new EventChecks(store);
await checks.RunAsync("events are appended, with metadata and a typed id", events.AppendAsync);
await checks.RunAsync("a stream is read, both ways", events.ReadStreamAsync);
await checks.RunAsync("all streams are read, both ways and filtered", events.ReadAllAsync);
await checks.RunAsync("the log is followed and told about", events.FollowAndListAsync);
await checks.RunAsync("an aggregate is folded live", events.FoldLiveAsync);
await checks.RunAsync("an event of a referenced assembly is known", events.ReferencedAssemblyAsync);
await checks.RunAsync("an old shape is read as the current one", events.UpcastAsync);
await checks.RunAsync("personal data is encrypted, read, and forgotten", events.ForgetAsync);
await checks.RunAsync("events are masked, and once", events.MaskAsync);
await checks.RunAsync("views of events are created", events.CreateViewsAsync);

var keys = new KeyChecks(store);
await checks.RunAsync("values are reserved and released", keys.ReserveAsync);
await checks.RunAsync("an aggregate is found by its natural key", keys.FindAsync);

await checks.RunAsync("events are imported, exported and imported again", new TransferChecks(store).MoveAsync);

var shapes = new ShapeChecks(store);
await checks.RunAsync("numbers, JSON and collections of all kinds come back", shapes.PackAsync);
await checks.RunAsync("properties with attributes, of one of several types, come back", shapes.PayAsync);
await checks.RunAsync("an event under a former name is known", shapes.ReadAliasAsync);

var dispatch = new DispatchChecks(store);
await checks.RunAsync("an aggregate takes events by base types and interfaces", dispatch.FoldAsync);
await checks.RunAsync("a handler gets what it takes", dispatch.HandleAsync);
await checks.RunAsync("commands are decided, over an aggregate and over a state", dispatch.DecideAsync);
await checks.RunAsync("decisions are executed in every form", dispatch.ExecuteAsync);

var pulled = new PullChecks(store);
await checks.RunAsync("events are pulled and answered in every way", pulled.TakeAsync);
await checks.RunAsync("a stream is followed without storing how far", pulled.FollowAsync);

var subscriptions = new SubscriptionChecks(connectionString, schema);
await checks.RunAsync("subscriptions are carried by a daemon, and waited for", subscriptions.CarryAsync);
await checks.RunAsync("subscriptions are paused, moved, split and removed", subscriptions.ControlAsync);
await checks.RunAsync("keys are parked, replayed and dropped", subscriptions.ParkAsync);

var messages = new MessageChecks(connectionString, schema);
await checks.RunAsync("messages are sent, scheduled, retried and dropped", messages.SendAsync);
await checks.RunAsync("messages are handled in the process", messages.HandleAsync);

var snapshots = new SnapshotChecks(store);
await checks.RunAsync("a snapshot is kept with its events", snapshots.KeepAsync);
await checks.RunAsync("a live snapshot is kept and deleted", snapshots.KeepLiveAsync);
await checks.RunAsync("a decision on an old state is refused", snapshots.ConflictAsync);
await checks.RunAsync("a snapshot is deleted by its events", snapshots.DeleteAsync);

var projections = new ProjectionChecks(connectionString, schema);
await checks.RunAsync("views of many streams are kept with their events", projections.KeepInlineAsync);
await checks.RunAsync("views are kept by a daemon, rebuilt and switched", projections.KeepAndRebuildAsync);

var documents = new DocumentChecks(store);
await checks.RunAsync("documents are stored and loaded, with ids of four types", documents.StoreAsync);
await checks.RunAsync("documents are updated and deleted", documents.ChangeAsync);
await checks.RunAsync("documents are refused with data", documents.RefuseAsync);

var lifeCycle = new LifeCycleChecks(store);
await checks.RunAsync("a stream is archived, unarchived, truncated and scrubbed", lifeCycle.ArchiveAsync);
await checks.RunAsync("a stream is read through its links", lifeCycle.LinkAsync);
await checks.RunAsync("of two decisions over a tag one wins", lifeCycle.DecideAsync);
await checks.RunAsync("units are saved together", lifeCycle.SaveTogetherAsync);

var streams = new StreamChecks(store);
await checks.RunAsync("streams are written to in every form", streams.WriteAsync);
await checks.RunAsync("events are linked one by one and by their ids", streams.LinkAsync);
await checks.RunAsync("a stream is compacted, deleted, undeleted and tombstoned", streams.EndAsync);
await checks.RunAsync("events are tagged by hand and found by several tags", streams.TagAsync);

var filters = new FilterChecks(store);
await checks.RunAsync("events are found by every filter at once", filters.ReadAsync);
await checks.RunAsync("events of a filter are masked", filters.MaskAsync);
await checks.RunAsync("a part of the events is exported, and imported in chunks", filters.MoveAsync);

await checks.RunAsync("a store takes every option", new OptionChecks(connectionString, schema).RunAsync);

await checks.RunAsync("a follower is woken by another process", new WakeUpChecks(connectionString, schema).WakeAsync);

var tenants = new TenantChecks(connectionString, schema);
await checks.RunAsync("a tenant has a database of its own, another has none", tenants.SeparateAsync);
await checks.RunAsync("tenants are looked up in a table", tenants.LookUpAsync);

var host = new HostChecks(connectionString);
await checks.RunAsync("a host applies the schema, seeds, and checks its health", host.StartAsync);
await checks.RunAsync("a host takes stores with keys and waits for their schemas", host.KeepSeveralAsync);

var web = new WebChecks(connectionString, schema);
await checks.RunAsync("requests are units of work, commands are decided, failures are problems", web.ServeAsync);
return checks.AnyFailed ? 1 : 0;
