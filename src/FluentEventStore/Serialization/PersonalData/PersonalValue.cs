using System.ComponentModel;
using System.Globalization;
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
    /// <param name="claim">Whose it says to be, to be confirmed once its object is read.</param>
    /// <exception cref="JsonException">The JSON does not fit the type, or the value was tampered with.</exception>
    public static T Read<T, TCodec>(ref Utf8JsonReader reader, string propertyName, T replacement, ref PersonalClaim claim)
        where TCodec : struct, IJsonCodec<T>
    {
        // What fails leaves the reader on the beginning of the value, by which an error finds its path.
        var ahead = reader;
        if (PersonalDataScope.OfSealed is not { } scope || !SealedValue.TryRead(ref ahead, scope.Mark, isPersonal: true, out var subject, out var data))
        {
            claim = default;
            return TCodec.Read(ref reader);
        }

        // Where the key is not at hand, what is read now is thrown away.
        var value = replacement;
        byte[]? plain = null;
        if (scope.TryGet(subject, out var key) && !key.IsForgotten)
        {
            plain = scope.Decrypt(data, key, subject, propertyName);
            var json = new Utf8JsonReader(plain);
            json.Read();
            value = TCodec.Read(ref json);
        }

        scope.Kept?.Keep(propertyName, subject, plain, data);
        claim = new PersonalClaim(subject);
        reader = ahead;
        return value;
    }

    /// <summary>Refuses a value that says to be of another subject than the one that its object names.</summary>
    /// <exception cref="JsonException">It was moved from elsewhere.</exception>
    public static void Confirm(PersonalClaim claim, string propertyName, Guid subject) => Confirm(claim, propertyName, subject.ToString("D"));

    /// <inheritdoc cref="Confirm(PersonalClaim, string, Guid)"/>
    public static void Confirm(PersonalClaim claim, string propertyName, long subject) =>
        Confirm(claim, propertyName, subject.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Confirm(PersonalClaim, string, Guid)"/>
    public static void Confirm(PersonalClaim claim, string propertyName, string? subject)
    {
        if (claim.Subject.Value != subject)
            throw new JsonException($"The encrypted value '{propertyName}' is of subject '{claim.Subject}', and its object names '{subject}': it was moved from elsewhere, or the subject was changed.");
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
            if (PersonalDataScope.Entered?.Kept?.Take(propertyName, subject, json: null) is { } forgotten)
                Write(writer, subject, forgotten);
            else
                writer.WriteNull();

            return;
        }

        var scope = PersonalDataScope.Current;
        if (!scope.TryGetForWriting(subject, out var key))
        {
            WriteWithoutKey<T, TCodec>(writer, propertyName, value, subject, key, scope);
            return;
        }

        scope.Deepen(writer);
        using var plain = new JsonWriter();
        TCodec.Write(plain, value);
        scope.Rise(writer);
        Write(
            writer,
            subject,
            scope.Kept?.Take(propertyName, subject, plain.Piece.ToArray()) ?? scope.Encrypt(plain.Piece.Span, key, subject, propertyName));
    }

    // Where the key is not at hand, what is written now is thrown away. What is written again of a forgotten subject says nothing of it: it is what replaces what was
    // encrypted, or was stored before it was personal data.
    private static void WriteWithoutKey<T, TCodec>(
        JsonWriter writer, string propertyName, T value, SubjectId subject, SubjectKey? key, PersonalDataScope scope)
        where TCodec : struct, IJsonCodec<T>
    {
        if (key is not { IsForgotten: true })
            writer.WriteNull();
        else if (scope.Kept is null && scope.TakesForgotten)
            Write(writer, subject, scope.Encrypt([], SubjectKey.OfNobody(), subject, propertyName));
        else if (scope.Kept is null)
            writer.WriteNull();
        else if (scope.Kept.Take(propertyName, subject, json: null) is { } forgotten)
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
