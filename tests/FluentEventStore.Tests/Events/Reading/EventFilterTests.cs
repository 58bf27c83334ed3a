using FluentEventStore.Tests.Serialization.Fuzzing;

namespace FluentEventStore.Tests.Events.Reading;

public sealed class EventFilterTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.FromHours(2));

    public static TheoryData<string, EventFilter> Filters { get; } = new()
    {
        { "all events", new EventFilter() },
        { "events of type 'temperature-taken'", new EventFilter().OfType<TemperatureTaken>() },
        { "events of type 'a' or 'b'", new EventFilter().OfTypes("a", "b") },
        { "events of stream 'order-'… or 's'", new EventFilter().OfStream("s").OfStreams("order-") },
        { "events of aggregate 'Order'", new EventFilter().OfAggregate("Order") },
        { "events with header 'a' = '1' and 'b' = '2'", new EventFilter().WithHeader("a", "1").WithHeader("b", "2") },
        { "events with tag 'a:1' and 'b:2'", new EventFilter().WithTag("b", "2").WithTag(new Tag("a", 1)) },
        {
            "events from 2030-01-02T10:00:00Z, until 2030-01-02T10:00:00.5Z",
            new EventFilter().From(Noon).Until(Noon.AddMilliseconds(500))
        },
        { "events of tenant 'a' or 'b'", new EventFilter().OfTenants("a", "b") },
        { "events of any tenant", new EventFilter().OfTenants("a").OfAnyTenant() },
        { "events of archived streams too", new EventFilter().IncludeArchived() },
        { "events of archived and deleted streams too", new EventFilter().IncludeDeleted().IncludeArchived().OnlyActive() },
        { "events of active streams only", new EventFilter().OnlyActive() },
        { "events of active and archived streams only", new EventFilter().OnlyActive().IncludeArchived() },
        {
            "events of type 'a', of stream 'order-'…, of tenant 'x', of archived streams too",
            new EventFilter().IncludeArchived().OfTenants("x").OfStreams("order-").OfTypes("a")
        },
    };

    [Theory, MemberData(nameof(Filters), DisableDiscoveryEnumeration = true)]
    public void A_filter_says_in_one_line_what_passes(string said, EventFilter filter) => filter.ToString().ShouldBe(said);

    [Theory, MemberData(nameof(Filters), DisableDiscoveryEnumeration = true)]
    public void For_one_tenant_a_filter_lets_the_same_pass_of_that_tenant_alone(string said, EventFilter filter)
    {
        var conditions = said.Replace("of tenant 'a' or 'b'", "of tenant 'x'").Replace("of any tenant", "of tenant 'x'")
            .Replace("all events", "events of tenant 'x'");
        var ofTenant = filter.ForTenant("x");
        foreach (var condition in conditions["events ".Length..].Split(", "))
            ofTenant.ToString().ShouldContain(condition);

        ofTenant.ToString().ShouldContain("of tenant 'x'");
        ofTenant.ToString().ShouldNotContain("'a' or 'b', of tenant 'a'");
        filter.ToString().ShouldBe(said);
    }

    [Fact]
    public void A_filter_for_one_tenant_is_one_of_its_own()
    {
        var filter = new EventFilter().OfTypes("a").WithHeader("k", "v").WithTag("t", "1").OfAnyTenant();
        var ofTenant = filter.ForTenant("x");
        filter.OfTypes("b").OfStream("s").OfStreams("p").OfAggregate("g").WithHeader("l", "w").WithTag("u", "2")
            .OfTenants("y").IncludeDeleted();

        ofTenant.ToString().ShouldBe("events of type 'a', with header 'k' = 'v', with tag 't:1', of tenant 'x'");
        ofTenant.OfTypes("c");
        filter.ToString().ShouldNotContain("'c'");
        new EventFilter().ForTenant(default).ToString().ShouldBe("events of tenant 'default'");
    }

    [Fact]
    public void Filters_that_let_the_same_pass_say_the_same_whatever_the_order_of_the_calls()
    {
        var one = new EventFilter().OfTypes("a", "b").WithHeader("k", "v").WithHeader("l", "w").OfTenants("x", "y")
            .OfStream("s").OfStream("t");
        var other = new EventFilter().OfStream("t").OfStream("s").OfTenants("y").OfTenants("x").WithHeader("l", "w").WithHeader("k", "v")
            .OfTypes("b").OfTypes("a", "b");

        other.ToString().ShouldBe(one.ToString());
    }
}
