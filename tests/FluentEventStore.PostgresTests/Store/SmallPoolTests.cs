using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Store;

/// <summary>A pool of one connection: nothing asks for a second one while it holds the first.</summary>
public sealed class SmallPoolTests(BankStore bank, PostgresServer server) : IClassFixture<BankStore>
{
    private const string Pool = ";Maximum Pool Size=1;Timeout=60";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Verbs =>
        [
            "save",
            "save with a document",
            "execute",
            "read",
            "load",
            "read all",
            "follow",
            "status",
            "statistics",
            "export",
            "import",
            "forget",
            "mask",
            "scrub",
            "list",
            "views"
        ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Everything_works_with_one_connection(string verb)
    {
        // Only the owner of the schema may make views in it.
        await using var store = verb == "views" ? bank.CreateOwnerStore(Configure) : bank.CreateStore(Configure);
        await bank.AppendAsync("s", new NoteTaken("before"));

        await RunAsync(store, verb);

        void Configure(EventStoreOptions options)
        {
            options.Connection(bank.ConnectionString + Pool);
            options.Privacy.Mask<NoteTaken>(static e => e);
        }
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task With_one_connection_a_missing_schema_is_reported_as_missing(string verb)
    {
        await using var store = EventStore.For(options =>
        {
            options.Connection(server.ConnectionString + Pool);
            options.Schema = server.CreateSchemaName();
            options.Privacy.Mask<NoteTaken>(static e => e);
        });

        await Should.ThrowAsync<SchemaMismatchException>(() => RunAsync(store, verb));
    }

    private static async Task RunAsync(EventStore store, string verb)
    {
        await using var session = store.OpenSession();
        session.Events.Append($"{Guid.NewGuid()}", new NoteTaken("a"));
        switch (verb)
        {
            case "save with a document":
                session.Store(new Customer { Name = "Ada" });
                await session.SaveChangesAsync(Cancelled);
                break;
            case "execute":
                var id = Guid.NewGuid();
                await store.ExecuteAsync<Account>(id, (_, _) => [new AccountOpened(id, "Ada", "EUR")], Cancelled);
                break;
            case "read":
                await session.Events.FetchStreamAsync("s", cancellationToken: Cancelled);
                break;
            case "load":
                await session.LoadAsync<Customer>(Guid.NewGuid(), Cancelled);
                break;
            case "read all":
                await session.Events.ReadAllAsync(cancellationToken: Cancelled).CountAsync(Cancelled);
                break;
            case "follow":
                await store.Log.FollowAsync(cancellationToken: Cancelled).FirstAsync(Cancelled);
                break;
            case "status":
                await store.Log.StatusAsync(Cancelled);
                break;
            case "statistics":
                await store.Log.FetchStatisticsAsync(Cancelled);
                break;
            case "export":
                await store.Transfer.ExportAsync(Stream.Null, cancellationToken: Cancelled);
                break;
            case "import":
                await store.Transfer.ImportAsync(
                    Enumerable.Range(1, 4)
                        .Select(static version => new ImportedEvent("imported", version, new NoteTaken("a"))
                        {
                            Timestamp = DateTimeOffset.UnixEpoch
                        })
                        .ToAsyncEnumerable(),
                    new ImportOptions { ChunkSize = 1 },
                    cancellationToken: Cancelled);
                break;
            case "forget":
                _ = await store.Privacy.ForgetAsync("ada", cancellationToken: Cancelled);
                break;
            case "mask":
                await store.Privacy.MaskAsync(new EventFilter(), cancellationToken: Cancelled);
                break;
            case "scrub":
                await store.ScrubAsync(cancellationToken: Cancelled);
                break;
            case "list":
                await session.Events.ListStreamsAsync(cancellationToken: Cancelled);
                break;
            case "views":
                await store.Schema.CreateEventViewsAsync(cancellationToken: Cancelled);
                break;
            default:
                await session.SaveChangesAsync(Cancelled);
                break;
        }
    }
}
