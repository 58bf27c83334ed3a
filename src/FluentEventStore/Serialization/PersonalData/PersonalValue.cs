using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>Writes and reads one property that is personal data. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PersonalValue
{
    /// <summary>Writes the value, to be encrypted with the key of the subject; null as null.</summary>
    /// <exception cref="JsonException">The value has no JSON, the subject is empty or too long, or nobody would encrypt it.</exception>
    public static void Write<T, TCodec>(JsonWriter writer, string propertyName, T value, Guid subject)
        where TCodec : struct, IJsonCodec<T> =>
        WriteNoted<T, TCodec>(
            writer, propertyName, value, value is null && subject == Guid.Empty ? default : SubjectOf(subject.ToString("D")));

    /// <inheritdoc cref="Write{T, TCodec}(JsonWriter, string, T, Guid)"/>
    public static void Write<T, TCodec>(JsonWriter writer, string propertyName, T value, long subject)
        where TCodec : struct, IJsonCodec<T> => WriteNoted<T, TCodec>(writer, propertyName, value, subject);

    /// <inheritdoc cref="Write{T, TCodec}(JsonWriter, string, T, Guid)"/>
    public static void Write<T, TCodec>(JsonWriter writer, string propertyName, T value, string subject)
        where TCodec : struct, IJsonCodec<T> => WriteNoted<T, TCodec>(writer, propertyName, value, SubjectOf(subject));

    /// <summary>Reads a value: decrypted, or as it is if it was stored before it became personal data.</summary>
    /// <param name="reader">Stands on the value.</param>
    /// <param name="propertyName">Its name in JSON.</param>
    /// <param name="replacement">What it reads as if its subject is forgotten.</param>
    /// <param name="claim">The subject that it names, to be confirmed once its object is read.</param>
    /// <exception cref="JsonException">The JSON does not fit the type, or the value was tampered with.</exception>
    public static T Read<T, TCodec>(ref Utf8JsonReader reader, string propertyName, T replacement, ref PersonalClaim claim)
        where TCodec : struct, IJsonCodec<T>
    {
        // A failure leaves the reader on the beginning of the value, by which the path of the error is found.
        var ahead = reader;
        if (PersonalDataScope.Current is not { Mark: { } mark } scope
            || !SealedValue.TryRead(ref ahead, mark, isPersonal: true, out var subject, out var data))
            return ReadPlain<T, TCodec>(ref reader, ref claim);

        // If the key is not at hand, what is read now is thrown away. If plain values are looked for, nothing is decrypted.
        claim = new PersonalClaim(subject);
        var value = replacement;
        if (scope.Plain is null)
        {
            byte[]? plain = null;
            if (scope.TryGet(subject, out var key)
                && !key.IsForgotten
                && (plain = scope.Decrypt(data, key, subject, propertyName)) is not null)
            {
                var json = new Utf8JsonReader(plain);
                json.Read();
                value = TCodec.Read(ref json);
            }

            scope.Kept?.Keep(propertyName, subject, plain, data);
        }

        reader = ahead;
        return value;
    }

    /// <summary>Confirms whose a value is: the object says so, and a value that names another subject is refused.</summary>
    /// <exception cref="JsonException">It was moved from elsewhere, or the subject is empty or too long.</exception>
    public static void Confirm(PersonalClaim claim, string propertyName, Guid subject) =>
        Confirm(claim, propertyName, subject.ToString("D"));

    /// <inheritdoc cref="Confirm(PersonalClaim, string, Guid)"/>
    public static void Confirm(PersonalClaim claim, string propertyName, long subject) =>
        Confirm(claim, propertyName, subject.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Confirm(PersonalClaim, string, Guid)"/>
    public static void Confirm(PersonalClaim claim, string propertyName, string? subject)
    {
        if (claim.Subject.IsDefault)
            PersonalDataScope.Current?.Plain?.Add(new PlainValue(claim.Start, claim.End, propertyName, SubjectOf(subject ?? "")));
        else if (claim.Subject.Value != subject)
            throw new JsonException(
                $"The encrypted value '{propertyName}' belongs to subject '{claim.Subject}', but its object names '{subject}': it was "
                    + "moved from elsewhere, or the subject was changed.");
    }

    private static T ReadPlain<T, TCodec>(ref Utf8JsonReader reader, ref PersonalClaim claim)
        where TCodec : struct, IJsonCodec<T>
    {
        var isSought = PersonalDataScope.Current is { Plain: not null } && reader.TokenType != JsonTokenType.Null;
        var start = (int)reader.TokenStartIndex;
        var value = TCodec.Read(ref reader);
        claim = isSought ? new PersonalClaim(start, (int)reader.BytesConsumed) : default;
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
            throw new JsonException($"The subject of the personal data is not a subject id: {fault.Message}", fault);
        }
    }

    private static void WriteNoted<T, TCodec>(JsonWriter writer, string propertyName, T value, SubjectId subject)
        where TCodec : struct, IJsonCodec<T>
    {
        var scope = PersonalDataScope.Current;
        if (value is not null && scope?.Plain is null)
            throw Unowned();

        var (outer, begin) = (scope?.Unfinished, writer.Piece.Length);
        if (scope is not null)
            scope.Unfinished ??= begin;

        // Null too: it is refused if the type has no null, and a converter may make something of it.
        TCodec.Write(writer, value);
        if (scope is not null)
            scope.Unfinished = outer;

        var isNull = writer.Piece.Span[begin..].SequenceEqual("null"u8);
        if (subject.IsDefault && !isNull)
            subject = SubjectOf("");

        if (scope?.Plain is { } noted)
            noted.Add(new PlainValue(begin, writer.Piece.Length, propertyName, subject));
        else if (!isNull)
            throw Unowned();
    }

    private static JsonException Unowned() => new("Only a store writes and reads personal data, as a part of an event.");
}
