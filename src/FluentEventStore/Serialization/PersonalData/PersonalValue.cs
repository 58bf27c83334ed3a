using System.ComponentModel;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Writes and reads one property that is personal data. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PersonalValue
{

    /// <summary>Writes the value encrypted with the key of the subject; null as null.</summary>
    /// <exception cref="JsonException">The value has no JSON, or the subject is empty or too long.</exception>
    public static void Write<T, TCodec>(JsonWriter writer, string propertyName, T value, Guid subject)
        where TCodec : struct, IJsonCodec<T> => WriteSealed<T, TCodec>(writer, propertyName, value, subject);

    /// <inheritdoc cref="Write{T, TCodec}(JsonWriter, string, T, Guid)"/>
    public static void Write<T, TCodec>(JsonWriter writer, string propertyName, T value, long subject)
        where TCodec : struct, IJsonCodec<T> => WriteSealed<T, TCodec>(writer, propertyName, value, subject);

    /// <inheritdoc cref="Write{T, TCodec}(JsonWriter, string, T, Guid)"/>
    public static void Write<T, TCodec>(JsonWriter writer, string propertyName, T value, string subject)
        where TCodec : struct, IJsonCodec<T> => WriteSealed<T, TCodec>(writer, propertyName, value, SubjectOf(subject));

    /// <summary>Reads a value: decrypted, or as it stands where it was stored before it was personal data.</summary>
    /// <param name="reader">Stands on the value.</param>
    /// <param name="propertyName">Its name in JSON.</param>
    /// <param name="replacement">What it reads as where its subject is forgotten.</param>
    /// <exception cref="JsonException">The JSON does not fit the type, or the value was tampered with.</exception>
    public static T Read<T, TCodec>(ref Utf8JsonReader reader, string propertyName, T replacement)
        where TCodec : struct, IJsonCodec<T>
    {
        // What fails leaves the reader on the beginning of the value, by which an error finds its path.
        var ahead = reader;
        if (!SealedValue.TryRead(ref ahead, out var subject, out var data))
            return TCodec.Read(ref reader);

        // Where the key is not at hand, what is read now is thrown away.
        var value = replacement;
        var scope = PersonalDataScope.Current;
        byte[]? plain = null;
        if (scope.TryGet(subject, out var key) && !key.IsForgotten)
        {
            plain = SealedValue.Decrypt(data, key, subject, propertyName);
            var json = new Utf8JsonReader(plain);
            json.Read();
            value = TCodec.Read(ref json);
        }

        scope.Kept?.Keep(propertyName, subject, plain, data);

        reader = ahead;
        return value;
    }

    private static SubjectId SubjectOf(string text)
    {
        try
        {
            return new SubjectId(text);
        }
        catch (ArgumentException fault)
        {
            throw new JsonException($"The subject of the personal data is no subject id: {fault.Message}", fault);
        }
    }

    private static void WriteSealed<T, TCodec>(JsonWriter writer, string propertyName, T value, SubjectId subject)
        where TCodec : struct, IJsonCodec<T>
    {
        if (value is null)
        {
            if (PersonalDataScope.IsEntered && PersonalDataScope.Current.Kept?.Take(propertyName, subject, json: null) is { } forgotten)
                Write(writer, subject, forgotten);
            else
                writer.WriteNull();

            return;
        }

        var scope = PersonalDataScope.Current;
        if (!scope.TryGetForWriting(subject, out var key))
        {
            WriteWithoutKey<T, TCodec>(writer, propertyName, value, subject, key, scope.Kept);
            return;
        }

        scope.Deepen(writer);
        using var plain = new JsonWriter();
        TCodec.Write(plain, value);
        scope.Rise(writer);
        Write(
            writer,
            subject,
            scope.Kept?.Take(propertyName, subject, plain.Piece.ToArray()) ?? SealedValue.Encrypt(plain.Piece.Span, key, subject, propertyName));
    }

    // Where the key is not at hand, what is written now is thrown away. What is written again of a forgotten subject says nothing of it: it is what replaces what was
    // encrypted, or was stored before it was personal data.
    private static void WriteWithoutKey<T, TCodec>(
        JsonWriter writer, string propertyName, T value, SubjectId subject, SubjectKey? key, KeptValues? kept)
        where TCodec : struct, IJsonCodec<T>
    {
        if (key is not { IsForgotten: true } || kept is null)
            writer.WriteNull();
        else if (kept.Take(propertyName, subject, json: null) is { } forgotten)
            Write(writer, subject, forgotten);
        else
            TCodec.Write(writer, value);
    }

    private static void Write(JsonWriter writer, SubjectId subject, byte[] data)
    {
        writer.WriteStartObject();
        writer.Name(SealedValue.SubjectName).WriteText(subject.Value);
        writer.Name(SealedValue.DataName).WriteBase64(data);
        writer.WriteEndObject();
    }
}
