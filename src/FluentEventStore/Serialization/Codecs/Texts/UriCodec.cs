using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A <see cref="System.Uri"/>, absolute or relative, as the JSON string that it was made of. A path that counts as absolute is written with
/// its scheme.
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

        // A mere path is an absolute URI on some systems only, and only if the reader asks for an absolute one.
        var isPath = value.IsAbsoluteUri && value.OriginalString.StartsWith('/');
        StringCodec.Write(writer, isPath ? value.AbsoluteUri : value.OriginalString);
    }

    /// <inheritdoc/>
    public static Uri Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && Uri.TryCreate(reader.GetString(), UriKind.RelativeOrAbsolute, out var value)
            ? value
            : throw JsonFailure.Unreadable(ref reader, "Uri");
}
