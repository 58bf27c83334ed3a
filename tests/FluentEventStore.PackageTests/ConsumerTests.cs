namespace FluentEventStore.PackageTests;

public sealed class ConsumerTests(Packages packages, ShopSolution shop) : IClassFixture<ShopSolution>
{
    [Fact]
    public void A_solution_of_old_and_new_projects_builds_without_a_warning() => shop.Built.Output.ShouldContain("0 Warning(s)");

    [Fact]
    public void A_program_without_events_reads_those_of_all_its_projects_without_a_call() => shop.Printed.Take(7).ShouldBe(
    [
        "Namespaceless: Namespaceless { Text = t }",
        "Contracts.Outer+Inner+Event: Event { Text = t, Day = Monday }",
        "Contracts.PageTurned: PageTurned { Number = Page { First = 1, Count = 1 }, Text = Page { First = Page { First = t, Count = 3 }, Count = 2 } }",
        "Contracts.Measured: Measured { Value = 1.5, At = 01/02/2030 03:04:05 +01:00 }",
        "Contracts.Legacy: Legacy n  a+b",
        "Contracts.namespace.class: class { int = 1, event = e, default = false, string = s }",
        "Orders.Paid: Paid { Amount = 7 }",
    ]);

    [Fact]
    public void Events_aggregates_and_documents_are_stored_and_come_back() =>
        shop.Printed[7].ShouldBe("True Page { First = false, Count = 1 } n 5.5 Customer { Id = a@b.c, Name =  }");

    [Fact]
    public void An_event_of_a_plug_in_is_unknown_until_the_plug_in_is_added() => shop.Printed.Skip(8).ShouldBe(
    [
        "UnknownEventTypeException: plugged 1 in plugged at 1",
        "Plugin.Plugged: Plugged { Text = t }",
    ]);

    [Fact]
    public async Task An_event_that_no_other_file_can_name_is_refused_by_the_build()
    {
        var build = await packages.BuildAsync("Refused");
        build.ExitCode.ShouldBe(1, build.Output);
        build.Output.ShouldContain("error FES0004");
    }

    [Fact]
    public async Task A_converter_that_native_AOT_would_break_is_reported_where_it_is_made_and_nothing_else_of_generated_code_is()
    {
        var build = await packages.BuildAsync("Converted");
        build.ExitCode.ShouldBe(0, build.Output);
        var warnings = build.Output.Split('\n').Where(static line => line.Contains(".g.cs(", StringComparison.Ordinal) && line.Contains(": warning ", StringComparison.Ordinal)).ToArray();
        warnings.ShouldAllBe(static line => line.Contains("PlacedJson.g.cs(", StringComparison.Ordinal));
        warnings.Select(static line => line.Split(": warning ")[1].Split(':')[0]).Distinct().Order(StringComparer.Ordinal).ShouldBe(["IL2026", "IL3050"]);
    }
}
