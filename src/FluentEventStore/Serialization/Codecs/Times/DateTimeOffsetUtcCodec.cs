using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A <see cref="System.DateTimeOffset"/> as a JSON string in UTC with seven digits and <c>Z</c>: the form in documents, where it can be
/// compared and indexed as text.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct DateTimeOffsetUtcCodec : IJsonCodec<DateTimeOffset>
{
    /// <inheritdoc/>
    public static void Write(JsonWriter writer, DateTimeOffset value) => DateTimeCodec.Write(writer, value.UtcDateTime);

    /// <inheritdoc/>
    public static DateTimeOffset Read(ref Utf8JsonReader reader) => DateTimeOffsetCodec.Read(ref reader).ToUniversalTime();
}
