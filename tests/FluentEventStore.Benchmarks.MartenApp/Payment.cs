using System.Text.Json;
using System.Text.Json.Serialization;

namespace FluentEventStore.Benchmarks.MartenApp;

/// <summary>The body of a request, and the event that it appends.</summary>
public sealed record Payment(Guid AccountId, decimal Amount, string Currency, DateTimeOffset At, string Reference, int Number);

/// <summary>Reads the bodies, and writes the events.</summary>
[JsonSerializable(typeof(Payment))]
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
internal sealed partial class PaymentJson : JsonSerializerContext;
