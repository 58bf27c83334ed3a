using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Generated;

namespace FluentEventStore.Benchmarks.Micro;

/// <summary>
/// A generated codec against System.Text.Json's own generator, for a small, a medium and a large event. Both write with a writer that is
/// used again, as the store does, and read the same bytes; ours also checks texts.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory, BenchmarkLogicalGroupRule.ByParams)]
[CategoriesColumn]
[HideColumns("Error", "StdDev", "RatioSD", "Job")]
public class CodecBenchmarks : IDisposable
{
    private CodecCase _case = null!;

    [Params(nameof(Tick), nameof(Payment), nameof(Shipment))]
    public string Event { get; set; } = "";

    [GlobalSetup]
    public void SetUp() => _case = Event switch
    {
        nameof(Tick) =>
            new CodecCase<Tick, FluentEventStore_Benchmarks_Payloads_TickJson>(new Tick(7, "temperature"), MicroJson.Default.Tick),
        nameof(Payment) =>
            new CodecCase<Payment, FluentEventStore_Benchmarks_Payloads_PaymentJson>(Payment.Take(1)[0], MicroJson.Default.Payment),
        _ => new CodecCase<Shipment, FluentEventStore_Benchmarks_Payloads_ShipmentJson>(Shipment.Sample(), MicroJson.Default.Shipment),
    };

    [Benchmark]
    [BenchmarkCategory("write")]
    public int WriteOurs() => _case.WriteOurs();

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("write")]
    public int WriteTheirs() => _case.WriteTheirs();

    [Benchmark]
    [BenchmarkCategory("read")]
    public object? ReadOurs() => _case.ReadOurs();

    [Benchmark(Baseline = true)]
    [BenchmarkCategory("read")]
    public object? ReadTheirs() => _case.ReadTheirs();

    [GlobalCleanup]
    public void Dispose()
    {
        _case.Dispose();
        GC.SuppressFinalize(this);
    }
}
