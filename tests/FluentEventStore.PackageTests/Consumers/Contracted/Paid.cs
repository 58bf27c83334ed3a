[FluentEventStore.Event]
public sealed record Paid(decimal Amount, [property: System.Text.Json.Serialization.JsonPropertyName("a%41;*$(x)@(y)\\\"é")] string Odd);
