using System.Text.Json.Serialization;
using FluentEventStore.Benchmarks.Payloads;

namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>System.Text.Json's own generator: an application without a library would use it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Payment))]
[JsonSerializable(typeof(PaymentDocument))]
internal sealed partial class BareJson : JsonSerializerContext;
