using System.Diagnostics;
using FluentEventStore.ApiSnippets.Bank;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace FluentEventStore.ApiSnippets.Pages;

/// <summary>The code of docs/how-to/observe.md, as one application.</summary>
public sealed class ObserveTests(SnippetStore snippets)
{
    [Fact]
    public async Task What_the_page_sets_up_gets_the_spans_of_the_store_with_those_of_the_driver_within_and_the_measurements()
    {
        var schema = SnippetStore.NewSchema();
        List<Activity> spans = [];
        List<Metric> measured = [];
        var host = await StartedApplication.StartAsync(
            Build(StartedApplication.Arguments(schema), snippets.ConnectionString, spans, measured));
        await using (host)
        await using (var session = host.App.Services.GetRequiredService<IEventStore>().OpenSession())
        {
            // begin-snippet: appending-trace
            session.CorrelationId = Activity.Current?.TraceId.ToString();
            session.CausationId = Activity.Current?.SpanId.ToString();
            // end-snippet

            session.Store(new Customer { Id = Guid.NewGuid(), Name = "Ada" });
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
            host.App.Services.GetRequiredService<MeterProvider>().ForceFlush(timeoutMilliseconds: 10_000);
        }

        // Nothing is added any more: other stores of the process are heard too.
        var save = spans.Single(span => span.DisplayName.StartsWith("save ", StringComparison.Ordinal)
            && Equals(span.GetTagItem(EventStoreTelemetry.SchemaTag), schema));
        save.DisplayName.ShouldEndWith($"|{schema}");
        spans.ShouldContain(span => span.Source.Name == "Npgsql" && span.ParentSpanId == save.SpanId);
        measured.Select(static metric => metric.Name).ShouldContain("fluenteventstore.units.saved");
        measured.Select(static metric => metric.MeterName).ShouldContain("Npgsql");
    }

    private static WebApplication Build(string[] args, string connectionString, List<Activity> spans, List<Metric> measured)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddInMemoryExporter(spans));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.AddInMemoryExporter(measured));

        // begin-snippet: telemetry
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing
                .AddSource(EventStoreTelemetry.Name)      // the store: what was saved, fetched, read
                .AddSource("Npgsql"))                     // the driver: each statement, within those
            .WithMetrics(metrics => metrics
                .AddMeter(EventStoreTelemetry.Name)
                .AddMeter("Npgsql"))                      // connections, and the duration of statements
            .UseOtlpExporter();
        // end-snippet

        // begin-snippet: log
        builder.Services.AddFluentEventStore(options => options.Connection(connectionString));
        builder.Logging.AddFilter("FluentEventStore", LogLevel.Warning);
        // end-snippet

        builder.Services.AddFluentEventStore().ApplySchemaOnStartup();
        return builder.Build();
    }
}
