using System.Text.Json.Serialization;
using FluentEventStore.Benchmarks.Payloads;

namespace FluentEventStore.Benchmarks.Micro;

/// <summary>System.Text.Json's generator for the events of the micro-benchmarks, with the same JSON as ours.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Tick))]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(Shipment))]
internal sealed partial class MicroJson : JsonSerializerContext;
