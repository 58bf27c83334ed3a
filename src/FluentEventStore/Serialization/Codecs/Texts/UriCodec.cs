using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A <see cref="System.Uri"/>, absolute or relative, as the JSON string that it was made of; a path that counts as absolute with its
/// scheme.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct UriCodec : IJsonCodec<Uri>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, Uri value)
    {
        if (value is null)
            throw JsonFailure.Null("Uri");

        if (value.GetType() != typeof(Uri))
            throw JsonFailure.Derived(value, typeof(Uri));

        // A path alone is an absolute one on some systems only, and if so only for who asks for one.
        var isPath = value.IsAbsoluteUri && value.OriginalString.StartsWith('/');
        StringCodec.Write(writer, isPath ? value.AbsoluteUri : value.OriginalString);
    }

    /// <inheritdoc/>
    public static Uri Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && Uri.TryCreate(reader.GetString(), UriKind.RelativeOrAbsolute, out var value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "Uri");
}
