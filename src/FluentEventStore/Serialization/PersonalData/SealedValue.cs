using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A value in the form in which it is stored: <c>{"s": subject, "$enc": base64}</c>. The bytes are the mark of the event (9), a format (1,
/// or 2 if the value itself holds encrypted ones), a nonce of 12 bytes, a tag of 16 bytes, and the JSON of the value encrypted with
/// AES-256-GCM. The id of the event, the subject and the property name are authenticated with it, so that a value cannot be used elsewhere.
/// </summary>
internal static class SealedValue
{
    public static ReadOnlySpan<byte> SubjectName => "s"u8;

    public static ReadOnlySpan<byte> DataName => "$enc"u8;

    private const byte OfOneSubject = 1;
    private const byte OfSeveralSubjects = 2;
    private const int FormatIndex = SealedMark.Length;
    private const int NonceIndex = FormatIndex + 1;
    private const int NonceLength = 12;
    private const int TagIndex = NonceIndex + NonceLength;
    private const int TagLength = 16;
    private const int HeadLength = TagIndex + TagLength;

    /// <summary>Whether the JSON may hold a value in this form.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> json) => json.IndexOf("\"$enc\""u8) >= 0;

    public static byte[] Encrypt(
        ReadOnlySpan<byte> json, SubjectKey key, SubjectId subject, string propertyName, Guid eventId, ReadOnlySpan<byte> mark)
    {
        var data = new byte[HeadLength + json.Length];
        mark.CopyTo(data);
        data[FormatIndex] = MayBeIn(json) ? OfSeveralSubjects : OfOneSubject;
        var nonce = data.AsSpan(NonceIndex, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Bytes, TagLength);
        aes.Encrypt(
            nonce,
            json,
            data.AsSpan(HeadLength),
            data.AsSpan(TagIndex, TagLength),
            AssociatedData(data[FormatIndex], subject, propertyName, eventId));
        return data;
    }

    /// <summary>Whether values of other subjects may be encrypted within.</summary>
    public static bool MayHoldOthers(ReadOnlySpan<byte> data) => data.Length > FormatIndex && data[FormatIndex] == OfSeveralSubjects;

    /// <exception cref="JsonException">The bytes are not what was encrypted for this event, subject and property with this key.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> data, SubjectKey key, SubjectId subject, string propertyName, Guid eventId)
    {
        if (data.Length < HeadLength || data[FormatIndex] is not (OfOneSubject or OfSeveralSubjects))
            throw new JsonException("The encrypted value is cut off, or has a form that this release does not know.");

        var json = new byte[data.Length - HeadLength];
        using var aes = new AesGcm(key.Bytes, TagLength);
        try
        {
            aes.Decrypt(
                data.Slice(NonceIndex, NonceLength),
                data[HeadLength..],
                data.Slice(TagIndex, TagLength),
                json,
                AssociatedData(data[FormatIndex], subject, propertyName, eventId));
        }
        catch (AuthenticationTagMismatchException failure)
        {
            throw new JsonException(
                $"The encrypted value was changed, moved from elsewhere, or encrypted with another key than that of subject '{subject}'.",
                failure);
        }

        return json;
    }

    /// <summary>
    /// Reads the form, and leaves the reader on its end. If there is another value: <see langword="false"/>, and the reader stays where it
    /// was.
    /// </summary>
    /// <param name="reader">Stands on the value.</param>
    /// <param name="mark">The mark of the event.</param>
    /// <param name="isPersonal">
    /// Whether, in an event with a mark, only this form can have a property <c>$enc</c> there. Otherwise its mark is checked.
    /// </param>
    /// <param name="subject">Whose it is.</param>
    /// <param name="data">The bytes.</param>
    /// <exception cref="JsonException">It is this form, but damaged.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> mark, bool isPersonal, out SubjectId subject, out byte[] data)
    {
        (subject, data) = (default, []);
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        // Two properties in any order: no other object has just these.
        var ahead = reader;
        var (holdsData, holdsMark, holdsMore) = (false, false, false);
        string? subjectText = null;
        byte[]? bytes = null;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isSubject = ahead.ValueTextEquals(SubjectName);
            var isData = ahead.ValueTextEquals(DataName);
            holdsData |= isData;
            holdsMore |= !isSubject && !isData;
            ahead.Read();
            if (ahead.TokenType != JsonTokenType.String || (!isSubject && !isData))
            {
                ahead.Skip();
            }
            else if (isSubject)
            {
                subjectText = ahead.GetString();
            }
            else
            {
                holdsMark = SealedMark.Begins(ref ahead, mark);
                ahead.TryGetBytesFromBase64(out bytes);
            }
        }

        if (isPersonal ? !holdsData : !holdsMark)
            return false;

        if (holdsMore)
            throw new JsonException("The encrypted value is damaged: it holds other properties too.");

        try
        {
            subject = SubjectId.Stored(subjectText ?? "");
        }
        catch (ArgumentException refused)
        {
            throw new JsonException($"The encrypted value is damaged: it does not say whose it is. {refused.Message}", refused);
        }

        data = bytes ?? throw new JsonException("The encrypted value is damaged: it is not base64.");
        if (!holdsMark)
            throw new JsonException("The encrypted value was changed, or moved from another event: it has another mark than the event.");

        reader = ahead;
        return true;
    }

    // No subject holds a control character.
    private static byte[] AssociatedData(byte format, SubjectId subject, string propertyName, Guid eventId) =>
        [format, .. eventId.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes($"{subject.Value}\0{propertyName}")];
}
