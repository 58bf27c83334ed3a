using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FluentEventStore.Tests.Store;

public sealed class OptionsTests
{
    private const string Nowhere = "Host=nowhere.invalid";

    // The settings of these classes are checked where they are set.
    private static readonly Type[] Classes =
        [
            typeof(EventStoreOptions),
            typeof(EventOptions),
            typeof(GroupCommitOptions),
            typeof(RetentionOptions),
            typeof(ProjectionOptions),
            typeof(PrivacyOptions)
        ];

    public static TheoryData<string, Action<EventStoreOptions>> EverySetting => new()
    {
        { "EventStoreOptions.Schema", static options => options.Schema = "other" },
        { "EventStoreOptions.TimeProvider", static options => options.TimeProvider = TimeProvider.System },
        { "EventStoreOptions.LoggerFactory", static options => options.LoggerFactory = NullLoggerFactory.Instance },
        { "EventStoreOptions.CommandTimeout", static options => options.CommandTimeout = TimeSpan.FromSeconds(1) },
        { "EventStoreOptions.Connection", static options => options.Connection(Nowhere) },
        { "EventStoreOptions.DataSource", static options => options.DataSource(NpgsqlDataSource.Create(Nowhere)) },
        {
            "EventStoreOptions.TenantDatabases",
            static options => options.TenantDatabases(TenantDatabases.Static(new Dictionary<TenantId, string> { ["a"] = Nowhere }))
        },
        { "EventStoreOptions.PgBouncer", static options => options.PgBouncer() },
        { "EventStoreOptions.QueryOnStandby", static options => options.QueryOnStandby() },
        { "EventOptions.AllowHardDelete", static options => options.Events.AllowHardDelete = true },
        { "EventOptions.Notifications", static options => options.Events.Notifications = false },
        { "EventOptions.MaxBytesOfEvent", static options => options.Events.MaxBytesOfEvent = 1_000 },
        { "GroupCommitOptions.IsEnabled", static options => options.Events.GroupCommit.IsEnabled = false },
        { "GroupCommitOptions.Lanes", static options => options.Events.GroupCommit.Lanes = 3 },
        { "GroupCommitOptions.MaxUnits", static options => options.Events.GroupCommit.MaxUnits = 3 },
        { "GroupCommitOptions.MaxEventsOfUnit", static options => options.Events.GroupCommit.MaxEventsOfUnit = 3 },
        { "RetentionOptions.ForStream", static options => options.Events.Retention.ForStream("s", keepLast: 1) },
        { "RetentionOptions.ForCategory", static options => options.Events.Retention.ForCategory("s", keepLast: 1) },
        { "ProjectionOptions.Add", static options => options.Projections.Add<LinesProjection>(ProjectionLifecycle.Inline) },
        { "ProjectionOptions.Snapshot", static options => options.Projections.Snapshot<Serialization.Account>(ProjectionLifecycle.Inline) },
        { "ProjectionOptions.SnapshotLive", static options => options.Projections.SnapshotLive<Serialization.Account>() },
        { "PrivacyOptions.SubjectKeys", static options => options.Privacy.SubjectKeys = null },
        { "PrivacyOptions.Mask", static options => options.Privacy.Mask<IDisposable>(static e => e) },
    };

    [Fact]
    public void Every_setting_is_tried_whether_it_changes_after_the_store_was_made()
    {
        var settings =
            from type in Classes
            from member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            where member is PropertyInfo { SetMethod.IsPublic: true } or MethodInfo { IsSpecialName: false }
            select $"{type.Name}.{member.Name}";

        // An assembly is made known to the process, and not to a store.
        settings.Except(["EventOptions.AddAssembly"]).Order().ShouldBe(EverySetting.Select(static row => row.Data.Item1).Order());
    }

    [Theory, MemberData(nameof(EverySetting), DisableDiscoveryEnumeration = true)]
    public async Task Options_that_a_store_was_made_with_do_not_change_any_more(string name, Action<EventStoreOptions> set)
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
    public async Task The_connection_is_given_in_only_one_way()
    {
        await using var dataSource = NpgsqlDataSource.Create(Nowhere);
        var options = new EventStoreOptions();
        options.Connection(Nowhere);
        options.Connection(Nowhere + ";Port=1");
        var refusal = Should.Throw<InvalidOperationException>(() => options.DataSource(dataSource));
        refusal.Message.ShouldContain("Connection");
        refusal.Message.ShouldContain("DataSource");
        Should.Throw<InvalidOperationException>(
            () => options.TenantDatabases(TenantDatabases.Static(new Dictionary<TenantId, string> { ["a"] = Nowhere })));

        var other = new EventStoreOptions();
        other.DataSource(dataSource);
        Should.Throw<InvalidOperationException>(() => other.Connection(Nowhere));
    }

    [Fact]
    public void A_schema_of_the_server_is_refused() =>
        Should.Throw<ArgumentException>(static () => new EventStoreOptions().Schema = "information_schema");
}
