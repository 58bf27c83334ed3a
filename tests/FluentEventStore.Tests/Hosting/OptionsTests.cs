using Npgsql;

namespace FluentEventStore.Tests.Hosting;

public sealed class OptionsTests
{
    private const string Nowhere = "Host=nowhere.invalid";

    public static TheoryData<string, Action<EventStoreOptions>> EverySetting => new()
    {
        { "schema", static options => options.Schema = "other" },
        { "clock", static options => options.TimeProvider = TimeProvider.System },
        { "time-out", static options => options.CommandTimeout = TimeSpan.FromSeconds(1) },
        { "connection", static options => options.Connection(Nowhere) },
        { "pgbouncer", static options => options.PgBouncer() },
        { "standby", static options => options.QueryOnStandby() },
        { "hard delete", static options => options.Events.AllowHardDelete = true },
        { "group commit", static options => options.Events.GroupCommit.IsEnabled = false },
        { "lanes", static options => options.Events.GroupCommit.Lanes = 3 },
        { "units", static options => options.Events.GroupCommit.MaxUnits = 3 },
        { "events of a unit", static options => options.Events.GroupCommit.MaxEventsOfUnit = 3 },
        { "retention of a stream", static options => options.Events.Retention.ForStream("s", keepLast: 1) },
        { "retention of a category", static options => options.Events.Retention.ForCategory("s", keepLast: 1) },
        { "keys", static options => options.Privacy.SubjectKeys = null },
        { "mask", static options => options.Privacy.Mask<IDisposable>(static e => e) },
    };

    [Theory, MemberData(nameof(EverySetting), DisableDiscoveryEnumeration = true)]
    public async Task Options_that_a_store_was_made_of_do_not_change_any_more(string name, Action<EventStoreOptions> set)
    {
        var kept = default(EventStoreOptions);
        await using var store = EventStore.For(options =>
        {
            options.Connection(Nowhere);
            kept = options;
        });

        Should.Throw<InvalidOperationException>(() => set(kept!), name).Message.ShouldContain("EventStore.For");
    }

    [Fact]
    public async Task Where_to_connect_is_said_in_one_way()
    {
        await using var dataSource = NpgsqlDataSource.Create(Nowhere);
        var options = new EventStoreOptions();
        options.Connection(Nowhere);
        options.Connection(Nowhere + ";Port=1");
        var refusal = Should.Throw<InvalidOperationException>(() => options.DataSource(dataSource));
        refusal.Message.ShouldContain("Connection");
        refusal.Message.ShouldContain("DataSource");
        Should.Throw<InvalidOperationException>(() => options.TenantDatabases(TenantDatabases.Static(new Dictionary<TenantId, string> { ["a"] = Nowhere })));

        var other = new EventStoreOptions();
        other.DataSource(dataSource);
        Should.Throw<InvalidOperationException>(() => other.Connection(Nowhere));
    }

    [Fact]
    public void A_schema_of_the_server_is_refused() => Should.Throw<ArgumentException>(static () => new EventStoreOptions().Schema = "information_schema");
}
