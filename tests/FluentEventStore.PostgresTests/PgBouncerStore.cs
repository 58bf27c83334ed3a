namespace FluentEventStore.PostgresTests;

/// <summary>A store behind PgBouncer in transaction mode. What the tests themselves ask the database goes past it.</summary>
public class PgBouncerStore(PostgresServer server, PgBouncer pgBouncer) : BankStore(server)
{
    private string? _connectionString;

    public override string StoreConnectionString => _connectionString!;

    /// <summary>The store; skips the test if there is no PgBouncer.</summary>
    public PgBouncerStore OrSkip()
    {
        Assert.SkipUnless(PgBouncer.IsInstalled, PgBouncer.HowToInstall);
        return this;
    }

    public override async ValueTask InitializeAsync()
    {
        if (!PgBouncer.IsInstalled)
            return;

        _connectionString = await pgBouncer.StartAsync(ConnectionString);
        await base.InitializeAsync();
    }

    protected override void Configure(EventStoreOptions options)
    {
        options.Connection(_connectionString!);
        options.PgBouncer();
    }
}
