using System;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using FluentEventStore;

[Obsolete("It was renamed.")]
[Event]
public sealed record Placed([property: JsonConverter(typeof(Reflecting))] string Text);

public sealed class Reflecting : JsonConverter<string>
{
    [RequiresUnreferencedCode("It reflects.")]
    [RequiresDynamicCode("It emits.")]
    public Reflecting()
    {
    }

    public override string Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => reader.GetString()!;

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
