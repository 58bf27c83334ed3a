using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FluentEventStore.Tests.Hosting;

public sealed class ConfigurationTests
{
    private const string Connection = "Host=nowhere;Database=bank;Password=secret";

    [Fact]
    public async Task Every_setting_of_the_section_reaches_the_options()
    {
        EventStoreOptions? options = null;
        await using var provider = Build(
            services => services.AddFluentEventStore(set => options = set),
            ("FluentEventStore:ConnectionString", Connection),
            ("FluentEventStore:Schema", "bank"),
            ("FluentEventStore:CommandTimeout", "00:00:07"),
            ("FluentEventStore:PgBouncer", "true"),
            ("FluentEventStore:Notifications", "false"),
            ("FluentEventStore:MaxBytesOfEvent", "1000"),
            ("FluentEventStore:GroupCommit:IsEnabled", "false"),
            ("FluentEventStore:GroupCommit:Lanes", "3"),
            ("FluentEventStore:GroupCommit:MaxUnits", "17"),
            ("FluentEventStore:GroupCommit:MaxEventsOfUnit", "5"),
            ("FluentEventStore:Startup:DatabasePatience", "infinite"),
            ("FluentEventStore:Startup:SchemaPatience", "00:05:00"));

        provider.GetRequiredService<IEventStore>();

        options.ShouldNotBeNull();
        options.ConnectionString.ShouldBe(Connection);
        options.Schema.ShouldBe("bank");
        options.CommandTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        options.IsBehindPgBouncer.ShouldBeTrue();
        options.Events.Notifications.ShouldBeFalse();
        options.Events.MaxBytesOfEvent.ShouldBe(1000);
        var commit = options.Events.GroupCommit;
        (commit.IsEnabled, commit.Lanes, commit.MaxUnits, commit.MaxEventsOfUnit).ShouldBe((false, 3, 17, 5));
        options.Startup.DatabasePatience.ShouldBe(Timeout.InfiniteTimeSpan);
        options.Startup.SchemaPatience.ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Names_of_settings_may_be_written_in_any_case()
    {
        EventStoreOptions? options = null;
        await using var provider = Build(
            services => services.AddFluentEventStore(set => options = set),
            ("fluenteventstore:connectionstring", Connection),
            ("FLUENTEVENTSTORE:GROUPCOMMIT:LANES", "1"));

        provider.GetRequiredService<IEventStore>();

        options.ShouldNotBeNull().Events.GroupCommit.Lanes.ShouldBe(1);
    }

    [Fact]
    public async Task A_connection_string_is_found_by_its_name()
    {
        EventStoreOptions? options = null;
        await using var provider = Build(
            services => services.AddFluentEventStore(set => options = set),
            ("FluentEventStore:ConnectionName", "Bank"),
            ("ConnectionStrings:Bank", Connection));

        provider.GetRequiredService<IEventStore>();

        options.ShouldNotBeNull().ConnectionString.ShouldBe(Connection);
    }

    [Fact]
    public void All_faults_are_told_at_once_by_the_names_of_their_options_and_without_the_password()
    {
        using var provider = Build(
            services => services.AddFluentEventStore(options => options.Schema = "No Name")
                .Services.ConfigureEventStore(options => options.Events.GroupCommit.Lanes = 0),
            ("FluentEventStore:ConnectionString", "Host=nowhere;Password=secret;Nonsense=1"),
            ("FluentEventStore:ConnectionName", "Bank"),
            ("FluentEventStore:Shema", "bank"),
            ("FluentEventStore:CommandTimeout", "7"),
            ("FluentEventStore:PgBouncer", "yes"),
            ("FluentEventStore:QueryOnStandby", ""),
            ("FluentEventStore:GroupCommit:Lane", "3"),
            ("FluentEventStore:GroupCommit:MaxUnits", "many"),
            ("FluentEventStore:Schema:Name", "bank"),
            ("FluentEventStore:Stores:billing:Schema", "billing"));

        var failure = Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredService<IEventStore>());

        failure.Faults.Select(static fault => fault.Option).ShouldBe(
            [
                "FluentEventStore:ConnectionName", "FluentEventStore:ConnectionString", "FluentEventStore:CommandTimeout",
                "FluentEventStore:GroupCommit:Lane", "FluentEventStore:GroupCommit:MaxUnits", "FluentEventStore:PgBouncer",
                "FluentEventStore:QueryOnStandby", "FluentEventStore:Schema", "FluentEventStore:Shema", "FluentEventStore:Stores:billing",
                "Schema", "Lanes",
            ],
            ignoreOrder: true);
        failure.Message.ShouldNotContain("secret");
        failure.Message.ShouldContain("GroupCommit:Lanes");
        failure.Message.ShouldContain("'yes' is neither true nor false");
        failure.InnerException.ShouldNotBeNull();
    }

    [Fact]
    public void A_store_that_is_not_told_where_to_connect_says_what_can_be_done()
    {
        using var provider = Build(static services => services.AddFluentEventStore());

        var fault = Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredService<IEventStore>())
            .Faults.ShouldHaveSingleItem();

        fault.Option.ShouldBe("Connection");
        fault.Reason.ShouldContain("FluentEventStore:ConnectionString");
    }

    [Fact]
    public void Options_that_contradict_each_other_are_a_fault()
    {
        using var provider = Build(
            static services => services.AddFluentEventStore(options => options.Connection(Connection + ";Multiplexing=true")));

        Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredService<IEventStore>())
            .Message.ShouldContain("Multiplexing");
    }

    [Fact]
    public async Task What_the_parts_of_an_application_set_comes_in_the_order_of_the_calls_after_the_store_itself()
    {
        List<string> calls = [];
        await using var provider = Build(
            services =>
            {
                services.ConfigureEventStore(options => calls.Add($"before: {options.Schema}"));
                services.AddFluentEventStore((_, options) =>
                {
                    calls.Add($"store: {options.Schema}");
                    options.Connection(Connection).Schema = "of_store";
                });
                services.ConfigureEventStore((found, options) =>
                {
                    calls.Add($"after: {options.Schema} {found.GetRequiredService<Uri>()}");
                    options.Connection("Host=elsewhere");
                });
                services.AddSingleton(new Uri("http://bank"));
            },
            ("FluentEventStore:Schema", "of_file"));

        provider.GetRequiredService<IEventStore>();

        calls.ShouldBe(["store: of_file", "before: of_store", "after: of_store http://bank/"]);
    }

    [Fact]
    public async Task A_data_source_among_the_services_is_used_only_where_nothing_else_says_where_to_connect()
    {
        EventStoreOptions? options = null;
        await using var dataSource = NpgsqlDataSource.Create("Host=nowhere");
        await using var keyed = NpgsqlDataSource.Create("Host=elsewhere");
        await using var provider = Build(services =>
        {
            services.AddSingleton(dataSource).AddKeyedSingleton("billing", keyed);
            services.AddFluentEventStore(set => options = set);
            services.AddKeyedFluentEventStore("billing", set => options = set);
            services.AddKeyedFluentEventStore("audit", set => options = set);
            services.AddKeyedFluentEventStore("told", set => options = set.Connection(Connection));
        });

        Of(null).ShouldBeSameAs(dataSource);
        Of("billing").ShouldBeSameAs(keyed);
        Of("audit").ShouldBeSameAs(dataSource);
        Of("told").ShouldBeNull();

        NpgsqlDataSource? Of(string? key)
        {
            provider.GetRequiredKeyedService<IEventStore>(key);
            return options.ShouldNotBeNull().UserDataSource;
        }
    }

    [Fact]
    public async Task A_store_logs_where_the_application_does_unless_it_is_given_another_place()
    {
        using var ofApplication = new LoggerFactory();
        using var other = new LoggerFactory();
        List<ILoggerFactory> found = [];
        await using var provider = Build(services =>
        {
            services.AddSingleton<ILoggerFactory>(ofApplication);
            services.AddFluentEventStore(options => found.Add(options.Connection(Connection).LoggerFactory));
            services.ConfigureEventStore(options => options.LoggerFactory = other);
            services.ConfigureEventStore(options => found.Add(options.LoggerFactory));
            services.AddKeyedFluentEventStore("billing", options => found.Add(options.Connection(Connection).LoggerFactory));
        });

        provider.GetRequiredService<IEventStore>();
        provider.GetRequiredKeyedService<IEventStore>("billing");

        found.ShouldBe([ofApplication, other, ofApplication]);
    }

    [Fact]
    public async Task A_store_of_services_without_a_log_logs_nowhere()
    {
        EventStoreOptions? options = null;
        await using var provider = Build(services => services.AddFluentEventStore(set => options = set.Connection(Connection)));

        provider.GetRequiredService<IEventStore>();

        options.ShouldNotBeNull().LoggerFactory.ShouldBeSameAs(NullLoggerFactory.Instance);
    }

    [Fact]
    public async Task Each_of_several_stores_has_its_section_and_its_calls()
    {
        Dictionary<string, string> schemas = [];
        await using var provider = Build(
            services =>
            {
                services.AddKeyedFluentEventStore("billing");
                services.AddKeyedFluentEventStore("audit", static options => options.Connection(Connection));
                services.ConfigureKeyedEventStore("billing", options => schemas["billing"] = options.Schema);
                services.ConfigureKeyedEventStore("audit", (_, options) => schemas["audit"] = options.Schema);
                services.ConfigureEventStore(static _ => throw new InvalidOperationException("There is no store without a key."));
            },
            ("FluentEventStore:Stores:billing:ConnectionString", Connection),
            ("FluentEventStore:Stores:billing:Schema", "bills"));

        var billing = provider.GetRequiredKeyedService<IEventStore>("billing");
        var audit = provider.GetRequiredKeyedService<IEventStore>("audit");

        billing.ShouldNotBeSameAs(audit);
        schemas.ShouldBe(new Dictionary<string, string> { ["billing"] = "bills", ["audit"] = "event_store" }, ignoreOrder: true);
        provider.GetService<IEventStore>().ShouldBeNull();
    }

    [Fact]
    public void A_store_that_is_added_twice_with_options_is_refused_at_the_call()
    {
        var services = new ServiceCollection();
        services.AddFluentEventStore();
        services.AddFluentEventStore(static options => options.Schema = "bank");
        services.AddFluentEventStore();

        Should.Throw<InvalidOperationException>(() => services.AddFluentEventStore(static options => options.Schema = "shop"))
            .Message.ShouldContain("AddKeyedFluentEventStore");
        services.AddKeyedFluentEventStore("billing", static options => options.Schema = "bills");
        Should.Throw<InvalidOperationException>(() => services.AddKeyedFluentEventStore("billing", static (_, _) => { }))
            .Message.ShouldContain("'billing'");
        services.Count(static service => service.ServiceType == typeof(IEventStore)).ShouldBe(2);
    }

    [Fact]
    public void A_key_that_cannot_name_a_section_is_refused_at_the_call()
    {
        var services = new ServiceCollection();

        Should.Throw<ArgumentException>(() => services.AddKeyedFluentEventStore("a:b"));
        Should.Throw<ArgumentException>(() => services.AddKeyedFluentEventStore(" "));
        Should.Throw<ArgumentException>(() => services.ConfigureKeyedEventStore("a:b", static (EventStoreOptions _) => { }));
    }

    [Fact]
    public void The_start_does_one_thing_with_the_schema()
    {
        var builder = new ServiceCollection().AddFluentEventStore().ApplySchemaOnStartup().ApplySchemaOnStartup();

        Should.Throw<InvalidOperationException>(() => builder.WaitForSchemaOnStartup()).Message.ShouldContain("choose one");
        Should.Throw<InvalidOperationException>(() => builder.AssertSchemaOnStartup());
    }

    [Fact]
    public void Two_seeds_need_two_names()
    {
        var builder = new ServiceCollection().AddFluentEventStore().SeedWith("accounts", static (_, _) => Task.CompletedTask);

        Should.Throw<ArgumentException>(() => builder.SeedWith("accounts", static (_, _) => Task.CompletedTask));
        Should.Throw<ArgumentException>(() => builder.SeedWith("", static (_, _) => Task.CompletedTask));
    }

    private static ServiceProvider Build(Action<IServiceCollection> add, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build());
        add(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }
}
