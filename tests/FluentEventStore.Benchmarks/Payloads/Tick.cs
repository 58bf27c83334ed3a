namespace FluentEventStore.Benchmarks.Payloads;

/// <summary>A small event: about 35 bytes of JSON.</summary>
[Event("tick")]
public sealed record Tick(int Number, string Sensor);
