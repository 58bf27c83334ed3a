using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FluentEventStore.Serialization;

/// <summary>A <see cref="JsonNode"/>, or a node that is an object, an array or a value, as jsonb keeps it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct JsonNodeCodec<TNode> : IJsonCodec<TNode>
    where TNode : JsonNode
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, TNode value)
    {
        if (value is null)
            throw JsonFailure.Null(typeof(TNode).Name);

        // A node may hold any object, and writes itself.
        var written = JsonElementCodec.Make(value, static (node, foreign) => node.WriteTo(foreign));
        if (written.ValueKind == JsonValueKind.Null)
            throw new JsonException("A node that is JSON null would be read back as no node: store null instead.");

        JsonElementCodec.Write(writer, written);
    }

    /// <inheritdoc/>
    public static TNode Read(ref Utf8JsonReader reader) =>
        JsonNode.Parse(ref reader) as TNode ?? throw JsonFailure.Unreadable(ref reader, typeof(TNode).Name);
}
