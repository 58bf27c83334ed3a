using FluentEventStore.Benchmarks.Payloads;

namespace FluentEventStore.Benchmarks.Micro;

/// <summary>The events that are written and read, the same in every run.</summary>
internal static class MicroEvents
{
    public static object Of(Type type) => type == typeof(Tick) ? new Tick(7, "temperature") : type == typeof(Payment) ? Payment.Take(1)[0] : Shipment.Sample();
}
