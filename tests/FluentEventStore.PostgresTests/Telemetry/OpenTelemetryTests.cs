using System.Diagnostics;
using FluentEventStore.PostgresTests.Bank;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace FluentEventStore.PostgresTests.Telemetry;

public sealed class OpenTelemetryTests(BankStore bank) : IClassFixture<BankStore>
{
    [Fact]
    public async Task OpenTelemetry_gets_spans_and_measurements()
    {
        StreamId id = Guid.NewGuid();
        List<Activity> spans = [];
        List<Metric> metrics = [], exported;
        using (var tracing = Sdk.CreateTracerProviderBuilder().AddSource(EventStoreTelemetry.Name).AddInMemoryExporter(spans).Build())
        using (var metering = Sdk.CreateMeterProviderBuilder().AddMeter(EventStoreTelemetry.Name).AddInMemoryExporter(metrics).Build())
        {
            await bank.AppendAsync(id, new ItemsAdded(["a"]), new ItemsAdded(["b"]));
            await using var session = bank.Store.OpenSession();
            await session.Events.AggregateStreamAsync<Basket>(id, TestContext.Current.CancellationToken);
            metering.ForceFlush().ShouldBeTrue();
            exported = [.. metrics];
        }

        spans.Where(span => Equals(span.GetTagItem(EventStoreTelemetry.SchemaTag), bank.Schema))
            .Select(static span => span.GetTagItem("db.operation.name"))
            .ShouldBe(["save", "fetch"]);
        Points("fluenteventstore.units.saved").ShouldHaveSingleItem().GetSumLong().ShouldBe(1);
        Points("fluenteventstore.events.appended").ShouldHaveSingleItem().GetSumLong().ShouldBe(2);
        Points("fluenteventstore.lanes.busy").ShouldHaveSingleItem().GetGaugeLastValueLong().ShouldBe(0);
        Points("fluenteventstore.fetch.replayed_events").ShouldHaveSingleItem().GetHistogramSum().ShouldBe(2);

        var duration = Points("fluenteventstore.save.duration").ShouldHaveSingleItem();
        duration.GetHistogramCount().ShouldBe(1);
        Bounds(duration).ShouldBe([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, double.PositiveInfinity]);

        List<MetricPoint> Points(string name)
        {
            List<MetricPoint> points = [];
            foreach (var metric in exported.Where(metric => metric.Name == name))
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    if (IsOfSchema(point))
                        points.Add(point);
                }
            }

            return points;
        }
    }

    private bool IsOfSchema(MetricPoint point)
    {
        foreach (var (name, value) in point.Tags)
        {
            if (name == EventStoreTelemetry.SchemaTag && Equals(value, bank.Schema))
                return true;
        }

        return false;
    }

    private static List<double> Bounds(MetricPoint point)
    {
        List<double> bounds = [];
        foreach (var bucket in point.GetHistogramBuckets())
            bounds.Add(bucket.ExplicitBound);

        return bounds;
    }
}
