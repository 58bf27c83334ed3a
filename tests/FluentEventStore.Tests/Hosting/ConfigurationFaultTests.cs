using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FluentEventStore.Tests.Hosting;

/// <summary>What is wrong with the configuration of stores is found, all of it at once, and shows nothing of a connection string.</summary>
public sealed class ConfigurationFaultTests
{
    private const string Connection = "Host=nowhere;Database=bank;Password=secret";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_section_that_names_two_connections_is_refused()
    {
        using var provider = Build(
            static services => services.AddFluentEventStore(),
            ("FluentEventStore:ConnectionString", Connection),
            ("FluentEventStore:ConnectionName", "Bank"),
            ("ConnectionStrings:Bank", Connection));

        Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredService<IEventStore>())
            .Faults.ShouldHaveSingleItem().Reason.ShouldContain("choose one");
    }

    public static TheoryData<string> WrongConnections =>
    [
        "Host=nowhere;Password=abc;s3cr3t=x", "s3cr3t", "Host=nowhere;Timeout=99999999999;Password=s3cr3t",
        "Host=nowhere;Port=many;Password=s3cr3t", "Host=nowhere;SSL Mode=s3cr3t", "Password=s3cr3t", "Host=nowhere;Password='s3cr3t",
    ];

    [Theory, MemberData(nameof(WrongConnections))]
    public void A_wrong_connection_string_is_named_by_its_option_and_shows_nothing_of_itself(string text)
    {
        using var inFile = Build(static services => services.AddFluentEventStore(), ("FluentEventStore:ConnectionString", text));
        using var byName = Build(
            static services => services.AddFluentEventStore(),
            ("FluentEventStore:ConnectionName", "Bank"),
            ("ConnectionStrings:Bank", text));
        using var inCode = Build(services => services.AddFluentEventStore(options => options.Connection(text)));

        Check(inFile, "FluentEventStore:ConnectionString");
        Check(byName, "FluentEventStore:ConnectionName");
        Check(inCode, "Connection");

        static void Check(ServiceProvider provider, string option)
        {
            var failure = Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredService<IEventStore>());
            failure.Faults.ShouldHaveSingleItem().Option.ShouldBe(option);
            failure.ToString().ShouldNotContain("s3cr3t");
        }
    }

    [Fact]
    public void A_connection_string_in_the_place_of_its_name_is_not_shown()
    {
        using var provider = Build(static services => services.AddFluentEventStore(), ("FluentEventStore:ConnectionName", Connection));

        var failure = Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredService<IEventStore>());

        failure.Faults[0].Option.ShouldBe("FluentEventStore:ConnectionName");
        failure.ToString().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("""{ "FluentEventStore": "x" }""", "FluentEventStore", "section")]
    [InlineData("""{ "FluentEventStore": { "Stores": "x" } }""", "FluentEventStore:Stores", "section")]
    [InlineData("""{ "FluentEventStore": { "GroupCommit": "true" } }""", "FluentEventStore:GroupCommit", "section")]
    [InlineData("""{ "FluentEventStore": { "Schema": "a", "Schema:x": "b" } }""", "FluentEventStore:Schema", "value")]
    [InlineData("""{ "FluentEventStore": { "Schema": ["a"] } }""", "FluentEventStore:Schema", "value")]
    [InlineData("""{ "FluentEventStore": { "Schema": null } }""", "FluentEventStore:Schema", "empty")]
    [InlineData("""{ "FluentEventStore": { "Stores": { "lost": { "Schema": "a" } } } }""", "FluentEventStore:Stores:lost", "no store")]
    public void What_stands_where_nothing_reads_it_is_a_fault(string json, string option, string reason)
    {
        using var provider = BuildOf(
            json, static services => services.AddFluentEventStore(static options => options.Connection(Connection)));

        var fault = Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredService<IEventStore>())
            .Faults.ShouldHaveSingleItem();

        (fault.Option, fault.Reason.Contains(reason, StringComparison.Ordinal)).ShouldBe((option, true), fault.Reason);
    }

    [Theory]
    [InlineData("""{ "FluentEventStore": { "Schemaa": "x", "Stores": { "billing": {} } } }""", "FluentEventStore:Schemaa", "no store")]
    [InlineData("""{ "FluentEventStore": { "Stores": { "billing": "x" } } }""", "FluentEventStore:Stores:billing", "section")]
    public void What_is_for_no_store_is_a_fault_where_all_stores_have_keys(string json, string option, string reason)
    {
        using var provider = BuildOf(
            json, static services => services.AddKeyedFluentEventStore("billing", static options => options.Connection(Connection)));

        var fault = Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredKeyedService<IEventStore>("billing"))
            .Faults.ShouldHaveSingleItem();

        (fault.Option, fault.Reason.Contains(reason, StringComparison.Ordinal)).ShouldBe((option, true), fault.Reason);
    }

    [Theory]
    [InlineData("""{ "FluentEventStore": {} }""")]
    [InlineData("""{ "FluentEventStore": { "GroupCommit": {}, "Startup": [], "Stores": {} } }""")]
    [InlineData("""{ "FluentEventStore": { "GroupCommit": null } }""")]
    public async Task Sections_without_anything_in_them_say_nothing(string json)
    {
        await using var provider = BuildOf(
            json, static services => services.AddFluentEventStore(static options => options.Connection(Connection)));

        provider.GetRequiredService<IEventStore>().ShouldNotBeNull();
    }

    [Fact]
    public void Whatever_the_code_that_sets_options_throws_is_one_of_the_faults()
    {
        using var provider = Build(static services => services
            .AddKeyedFluentEventStore("billing", static options =>
            {
                options.Connection(Connection);
                throw new FormatException("No number.");
            })
            .Services.ConfigureKeyedEventStore("billing", static options => options.Schema = "No Name"));

        var failure = Should.Throw<EventStoreConfigurationException>(() => provider.GetRequiredKeyedService<IEventStore>("billing"));

        failure.Store.ShouldBe("billing");
        failure.Faults.Select(static fault => fault.Option).ShouldBe(["options", "Schema"]);
        failure.InnerException.ShouldBeOfType<FormatException>();
    }

    [Fact]
    public async Task A_host_tells_what_is_wrong_with_all_of_its_stores()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("FluentEventStore:Stores:lost:Schema", (string?)"lost")]);
        foreach (var key in (string[])["billing", "audit", "right"])
        {
            builder.Services.AddKeyedFluentEventStore(key, options =>
            {
                options.Connection(Connection);
                options.Schema = key == "right" ? "a_name" : $"No Name of {key}";
            });
        }

        using var host = builder.Build();

        var failures = (await Should.ThrowAsync<AggregateException>(() => host.StartAsync(Cancellation))).InnerExceptions
            .Cast<EventStoreConfigurationException>();

        // What concerns no store is told once.
        failures.SelectMany(static failure => failure.Faults.Select(fault => $"{failure.Store} {fault.Option}"))
            .ShouldBe(["billing FluentEventStore:Stores:lost", "billing Schema", "audit Schema"], ignoreOrder: true);
    }

    private static ServiceProvider BuildOf(string json, Action<IServiceCollection> add) => Build(
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build(), add);

    private static ServiceProvider Build(Action<IServiceCollection> add, params (string Key, string Value)[] settings) => Build(
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build(),
        add);

    private static ServiceProvider Build(IConfiguration configuration, Action<IServiceCollection> add)
    {
        var services = new ServiceCollection().AddSingleton(configuration);
        add(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
    }
}
