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
        "Contracts.PageTurned: PageTurned { Number = Page { First = 1, Count = 1 }, Text = Page { First = Page { First = t, Count = 3 }, "
            + "Count = 2 } }",
        "Contracts.Measured: Measured { Value = 1.5, At = 01/02/2030 03:04:05 +01:00 }",
        "Contracts.Legacy: Legacy n  a+b",
        "Contracts.namespace.class: class { int = 1, event = e, default = false, string = s }",
        "Orders.Paid: Paid { Amount = 7 }",
    ]);

    [Fact]
    public void Events_aggregates_and_documents_are_stored_and_come_back() =>
        shop.Printed[7].ShouldBe("True Page { First = false, Count = 1 } n 5.5 Customer { Id = a@b.c, Name =  }");

    [Fact]
    public void An_event_of_a_plug_in_is_unknown_until_the_plug_in_is_added() => shop.Printed.Skip(8).Take(2).ShouldBe(
    [
        "UnknownEventTypeException: plugged 1 in plugged at 1",
        "Plugin.Plugged: Plugged { Text = t }",
    ]);

    [Fact]
    public void Types_of_NodaTime_and_Vogen_and_collections_of_ones_own_come_back_as_they_were() => shop.Printed.Skip(10).ShouldBe(
    [
        "2030-01-02T03:04:00Z 09:30 90 2030-01-02",
        "True True True s a+b True",
        """{"at": "2030-01-02T03:04:00Z", "days": ["2030-01-02"], "begins": "09:30:00", "length": "0:01:30:00"}""",
        """{"customer": "0197a7b0-1111-7222-8333-444455556666", "recommendedBy": "0197a7b0-1111-7222-8333-444455556666"}""",
        """{"customer": "0197a7b0-1111-7222-8333-444455556666", "recommendedBy": null}""",
        """{"address": {"street": "s"}, "product": "0197a7b0-1111-7222-8333-444455556666"}""",
        """{"tags": ["a", "b"], "names": ["A"]}""",
    ]);

    [Fact]
    public async Task Each_type_whose_state_the_generator_does_not_see_is_refused_by_the_build()
    {
        var build = await packages.BuildAsync("Unseen");
        build.ExitCode.ShouldBe(1, build.Output);
        foreach (var refused in (string[])
            [
                "FES0004: 'CustomerId'",
                "FES0004: 'NodaTime.Instant'",
                "FES0004: 'NodaTime.LocalTime'",
                "FES0004: 'NodaTime.Duration'",
                "FES0004: 'NodaTime.ZonedDateTime'",
                "'NodaTime.Period'",
                "FES0011: 'Address._street'"
            ])
        {
            build.Output.ShouldContain(refused);
        }

        build.Output.ShouldNotContain("CalendarSystem", customMessage: "What a refused type consists of is not looked at.");
    }

    [Fact]
    public async Task An_event_that_no_other_file_can_name_is_refused_by_the_build()
    {
        var build = await packages.BuildAsync("Refused");
        build.ExitCode.ShouldBe(1, build.Output);
        build.Output.ShouldContain("error FES0004");
    }

    [Fact]
    public async Task A_project_without_the_generator_gets_a_warning_from_the_build_and_an_error_when_it_runs()
    {
        var build = (await packages.BuildAsync("Ungenerated")).ShouldSucceed();
        build.Output.ShouldContain("warning FES0100: Ungenerated references FluentEventStore without its generator");
        shop.Built.Output.ShouldNotContain("FES0100");

        const string Asked = "and does its project reference the generator?";
        const string Event = $"Paid is not registered as an event: is it marked with [Event], {Asked}";
        const string Aggregate = $"Account is not registered as an aggregate: is it marked with [Aggregate], {Asked}";
        const string Document = $"Customer is not registered as a document: is it marked with [Document], or kept as a snapshot, {Asked}";
        var lines = (await packages.RunAsync("Ungenerated")).ShouldSucceed().Output.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        string.Join('\n', lines.Select(static line => line[..(line.IndexOf(Asked, StringComparison.Ordinal) + Asked.Length)]))
            .ShouldBe(string.Join(
            '\n',
            [
                Event, Event, $"The object at index 0 is not an event: {Event}",
                Aggregate, Aggregate, Aggregate, Aggregate, Aggregate,
                Document, Document, Document,
            ]));
    }

    [Fact]
    public async Task A_converter_that_native_AOT_would_break_is_the_only_thing_reported_in_generated_code()
    {
        var build = await packages.BuildAsync("Converted");
        build.ExitCode.ShouldBe(0, build.Output);
        var warnings = build.Output.Split('\n')
            .Where(
                static line => line.Contains(".g.cs(", StringComparison.Ordinal) && line.Contains(": warning ", StringComparison.Ordinal))
            .ToArray();
        warnings.ShouldAllBe(static line => line.Contains("PlacedJson.g.cs(", StringComparison.Ordinal));
        warnings.Select(static line => line.Split(": warning ")[1].Split(':')[0])
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBe(["IL2026", "IL3050"]);
    }
}
