using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Documents;
using FluentEventStore.PostgresTests.Events;
using FluentEventStore.PostgresTests.Events.Reading;
using FluentEventStore.PostgresTests.Events.Transfer;
using FluentEventStore.Processes;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Postgres;

/// <summary>Instants are instants, whatever the time zone of the process is and whatever its driver is told to make of them.</summary>
public sealed class InstantTests(PostgresServer server) : TwoStoresTests(server)
{
    private readonly StreamId _id = $"clock-{Guid.NewGuid()}";

    private static string TimeZone => Environment.GetEnvironmentVariable("TZ") ?? "";

    /// <summary>Clocks in New York showed half past one twice that night.</summary>
    public static TheoryData<string> Instants =>
        ["2025-11-02T05:30:00.123456Z", "2025-11-02T06:30:00.123456Z", "2025-07-01T12:00:00.000001Z", "1970-01-01T00:00:00.000001Z"];

    [Theory]
    [MemberData(nameof(Instants))]
    public async Task What_was_saved_at_an_instant_is_read_exported_and_imported_with_it(string text)
    {
        var instant = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        await using var store = Source.CreateStore(options => options.TimeProvider = new FakeTimeProvider(instant));
        await using var session = store.OpenSession();
        session.Events.Append(_id, new NoteTaken("at"));
        session.Store(new Customer { Id = Guid.NewGuid(), Name = text });
        await session.SaveChangesAsync(Token);

        await HoldsAsync(Source);
        (await Source.ExecuteAsync($"select created_at = '{text}' and modified_at = '{text}' from {{schema}}.doc_customer")).ShouldBe(true);
        var (file, _) = await ExportAsync();
        System.Text.Encoding.UTF8.GetString(file).ShouldContain($"\"timestamp\":\"{text}\"");
        await ImportAsync(file);
        await HoldsAsync(Target);

        async Task HoldsAsync(BankStore bank)
        {
            await using var reader = bank.Store.OpenQuerySession();
            IEvent[] read =
            [
                .. await bank.FetchAsync(_id),
                .. await reader.Events.ReadStreamAsync(_id, cancellationToken: Token).ToListAsync(Token),
                .. await reader.Events.ReadAllAsync(new EventFilter().From(instant).Until(instant), Token).ToListAsync(Token),
                .. await reader.Events.FetchStreamAsync(_id, new StreamRange { Until = instant }, Token),
            ];
            read.Select(static e => e.Timestamp.ToString("O")).ShouldBe(Enumerable.Repeat(instant.ToString("O"), 4));
            (await reader.Events.FetchStreamAsync(_id, new StreamRange { Until = instant.AddMicroseconds(-1) }, Token)).ShouldBeEmpty();
            var state = (await reader.Events.FetchStreamStateAsync(_id, Token))!;
            (state.Created.ToString("O"), state.LastAppended.ToString("O")).ShouldBe((instant.ToString("O"), instant.ToString("O")));
            (await bank.ExecuteAsync($"select created_at = '{text}' from {{schema}}.streams")).ShouldBe(true);
        }
    }

    [Fact]
    public async Task All_that_concerns_times_holds_in_a_process_whose_driver_reads_local_times()
    {
        Assert.SkipWhen(DriverSwitch.IsOn, "This is that process.");
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There, the time zone of a process cannot be set.");
        Type[] classes =
        [
            typeof(InstantTests),
            typeof(ExportTests),
            typeof(ExportedStateTests),
            typeof(DirectImportTests),
            typeof(DirectReadStreamTests),
            typeof(DirectReadAllTests),
            typeof(ListStreamsTests),
            typeof(EventFilterTests), typeof(DocumentTests), typeof(ScrubTests), typeof(ForgettingTests),
        ];
        var start = Command.Describe(
            [
                "dotnet",
                typeof(InstantTests).Assembly.Location,
                "-noLogo",
                "-noColor",
                .. classes.SelectMany(static type => (string[])["-class", type.FullName!])
            ],
            AppContext.BaseDirectory);
        start.Environment[DriverSwitch.Variable] = "1";
        start.Environment["TZ"] = "America/New_York";
        start.Environment[LocalPostgres.EnvironmentVariable] = Source.ConnectionString;
        start.RedirectStandardOutput = true;

        using var process = System.Diagnostics.Process.Start(start).ShouldNotBeNull();
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, output);
        output.ShouldContain("Failed: 0");
    }

    [Fact]
    public void The_process_is_what_it_was_started_as()
    {
        if (!DriverSwitch.IsOn)
            return;

        TimeZone.ShouldBe("America/New_York");
        TimeZoneInfo.Local.GetUtcOffset(new DateTime(2025, 7, 1, 12, 0, 0, DateTimeKind.Utc)).ShouldBe(TimeSpan.FromHours(-4));
    }
}
