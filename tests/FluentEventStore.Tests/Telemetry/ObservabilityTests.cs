using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FluentEventStore.Tests.Telemetry;

/// <summary>What is written about spans, measurements and messages is what the library has.</summary>
public sealed partial class ObservabilityTests
{
    private static readonly string Page = Repository.Read("docs/how-to/observe.md");

    private static readonly string[] Labels = [.. Tags().Select(static tag => tag.Replace('.', '_'))];

    [Fact]
    public void The_page_has_a_row_for_each_instrument_with_its_kind_and_unit_and_no_other()
    {
        var rows = InstrumentRow().Matches(Page).Select(static row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value));

        rows.ShouldBe(
            Instruments.All.Select(static instrument => (instrument.Name, Instruments.KindOf(instrument), instrument.Unit!)),
            ignoreOrder: true);
        Instruments.All.Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void The_page_names_each_tag() =>
        Tags().Where(static tag => !Page.Contains($"`{tag}`", StringComparison.Ordinal)).ShouldBeEmpty();

    [Theory]
    [InlineData("docs/observability/fluenteventstore-dashboard.json")]
    [InlineData("docs/observability/alerts.yml")]
    public void Each_metric_that_a_file_names_exists(string file)
    {
        var known = Instruments.All.SelectMany(Instruments.NamesInPrometheus).ToHashSet(StringComparer.Ordinal);
        var named = Metric().Matches(Repository.Read(file)).Select(static match => match.Value).Distinct().Except(Labels).ToList();

        named.ShouldNotBeEmpty();
        named.Where(name => !known.Contains(name)).ShouldBeEmpty();
    }

    [Fact]
    public void The_dashboard_shows_each_instrument()
    {
        var dashboard = Repository.Read("docs/observability/fluenteventstore-dashboard.json");
        using (JsonDocument.Parse(dashboard))
        {
            Instruments.All
                .Where(instrument => !Instruments.NamesInPrometheus(instrument)
                    .Any(name => Regex.IsMatch(dashboard, $@"\b{name}\b")))
                .Select(static instrument => instrument.Name)
                .ShouldBeEmpty();
        }
    }

    [Fact]
    public void The_page_explains_each_alert_and_no_other() =>
        AlertOfPage().Matches(Page).Select(static match => match.Groups[1].Value).ShouldBe(
            AlertOfFile().Matches(Repository.Read("docs/observability/alerts.yml")).Select(static match => match.Groups[1].Value));

    [Fact]
    public void The_page_has_a_row_for_each_message_with_its_level_and_no_two_have_the_same_id()
    {
        var written = Repository.Files("src/", "Log.cs")
            .SelectMany(static file => Message().Matches(Repository.Read(file)))
            .Select(static match => (match.Groups[1].Value, match.Groups[2].Value))
            .ToList();

        written.Count.ShouldBeGreaterThan(10);
        written.Select(static message => message.Item1).ShouldBeUnique();
        MessageRow().Matches(Page).Select(static row => (row.Groups[1].Value, row.Groups[2].Value)).ShouldBe(written, ignoreOrder: true);
    }

    [Fact]
    public void A_name_in_Prometheus_is_made_of_name_unit_and_kind()
    {
        NamesOf("fluenteventstore.units.saved").ShouldBe(["fluenteventstore_units_saved_total"]);
        NamesOf("fluenteventstore.log.held_back").ShouldBe(["fluenteventstore_log_held_back_seconds"]);
        NamesOf("fluenteventstore.save.duration").ShouldBe(
            [
                "fluenteventstore_save_duration_seconds_bucket",
                "fluenteventstore_save_duration_seconds_sum",
                "fluenteventstore_save_duration_seconds_count",
            ]);

        static IEnumerable<string> NamesOf(string name) =>
            Instruments.NamesInPrometheus(Instruments.All.Single(instrument => instrument.Name == name));
    }

    private static IEnumerable<string> Tags() => typeof(EventStoreTelemetry).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(static field => field.Name.EndsWith("Tag", StringComparison.Ordinal))
        .Select(static field => (string)field.GetRawConstantValue()!);

    [GeneratedRegex(@"^\| `(fluenteventstore\.[\w.]+)` \| (\w+) \| ([^|]+?) \|", RegexOptions.Multiline)]
    private static partial Regex InstrumentRow();

    [GeneratedRegex(@"\bfluenteventstore_\w+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"^\| `(FluentEventStore\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex AlertOfPage();

    [GeneratedRegex(@"^\s*- alert: (\w+)", RegexOptions.Multiline)]
    private static partial Regex AlertOfFile();

    [GeneratedRegex(@"LoggerMessage\(\s*(\d+),\s*LogLevel\.(\w+),")]
    private static partial Regex Message();

    [GeneratedRegex(@"^\| (?:`[\w.]+` )?\| (\d{4}) \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex MessageRow();
}
