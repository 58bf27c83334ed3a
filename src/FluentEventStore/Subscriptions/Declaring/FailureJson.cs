using System.Buffers;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Subscriptions;

/// <summary>How a failure stands in a row.</summary>
internal static class FailureJson
{
    /// <summary>A message of a handler may hold anything; as much of it is kept.</summary>
    private const int MaxMessageLength = 2000;

    public static string Write(SubscriptionFailure failure)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, failure.Kind.ToString());
            json.WriteString("message"u8, Storable(failure.Message));
            Add("exceptionType"u8, failure.ExceptionType);
            if (failure.Position is { } position)
                json.WriteNumber("position"u8, position);

            if (failure.EventId is { } id)
                json.WriteString("eventId"u8, id);

            Add("eventType"u8, failure.EventType);
            Add("streamId"u8, failure.StreamId);
            Add("tenantId"u8, failure.TenantId);
            json.WriteNumber("attempts"u8, failure.Attempts);
            Add("node"u8, failure.Node);
            json.WriteString("at"u8, failure.At);
            json.WriteEndObject();

            void Add(ReadOnlySpan<byte> name, string? value)
            {
                if (value is not null)
                    json.WriteString(name, value);
            }
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>A text as JSON.</summary>
    public static string Text(string text)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
            json.WriteStringValue(Storable(text));

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static SubscriptionFailure Read(string text)
    {
        using var json = JsonDocument.Parse(text);
        var root = json.RootElement;
        return new SubscriptionFailure(
            Enum.TryParse<FailureKind>(Text("kind"), out var kind) ? kind : FailureKind.HandlerFailed, Text("message") ?? "")
        {
            ExceptionType = Text("exceptionType"),
            Position = root.TryGetProperty("position", out var position) ? position.GetInt64() : null,
            EventId = root.TryGetProperty("eventId", out var id) ? id.GetGuid() : null,
            EventType = Text("eventType"),
            StreamId = Text("streamId"),
            TenantId = Text("tenantId"),
            Attempts = root.TryGetProperty("attempts", out var attempts) ? attempts.GetInt32() : 0,
            Node = Text("node"),
            At = root.TryGetProperty("at", out var at) ? at.GetDateTimeOffset() : default,
        };

        string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    // The database keeps no NUL, and no lone surrogate.
    private static string Storable(string message)
    {
        var text = message.Length > MaxMessageLength ? $"{message[..MaxMessageLength]}…" : message;
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "\uFFFD", StringComparison.Ordinal);
    }
}
