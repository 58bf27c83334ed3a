using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>
/// A value in the form in which it is stored: <c>{"s": subject, "$enc": base64}</c>. The bytes are a format version (1), a nonce of 12 bytes, a tag of
/// 16 bytes, and the JSON of the value encrypted with AES-256-GCM. Subject and property name are authenticated along, so that a value is of use nowhere else.
/// </summary>
internal static class SealedValue
{
    public static ReadOnlySpan<byte> SubjectName => "s"u8;

    public static ReadOnlySpan<byte> DataName => "$enc"u8;

    private const byte Format = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + NonceLength + TagLength;

    /// <summary>Whether the JSON may hold a value in this form; where it does not, there is nothing to look for.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> json) => json.IndexOf("\"$enc\""u8) >= 0;

    public static byte[] Encrypt(ReadOnlySpan<byte> json, SubjectKey key, SubjectId subject, string propertyName)
    {
        var data = new byte[HeadLength + json.Length];
        data[0] = Format;
        var nonce = data.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key.Bytes, TagLength);
        aes.Encrypt(nonce, json, data.AsSpan(HeadLength), data.AsSpan(1 + NonceLength, TagLength), AssociatedData(subject, propertyName));
        return data;
    }

    /// <exception cref="JsonException">The bytes are not what was encrypted for this subject and property with this key.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> data, SubjectKey key, SubjectId subject, string propertyName)
    {
        if (data.Length < HeadLength || data[0] != Format)
            throw new JsonException("The encrypted value is cut off, or of a form that this release does not know.");

        var json = new byte[data.Length - HeadLength];
        using var aes = new AesGcm(key.Bytes, TagLength);
        try
        {
            aes.Decrypt(
                data.Slice(1, NonceLength), data[HeadLength..], data.Slice(1 + NonceLength, TagLength), json, AssociatedData(subject, propertyName));
        }
        catch (AuthenticationTagMismatchException failure)
        {
            throw new JsonException($"The encrypted value was changed, moved from elsewhere, or encrypted with another key than that of subject '{subject}'.", failure);
        }

        return json;
    }

    /// <summary>Reads the form, and leaves the reader on its end; <see langword="false"/>, with the reader where it was, where another value stands there.</summary>
    /// <exception cref="JsonException">It is this form, but damaged.</exception>
    public static bool TryRead(ref Utf8JsonReader reader, out SubjectId subject, out byte[] data)
    {
        (subject, data) = (default, []);
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;

        // Two properties in whatever order: it is nobody else's object.
        var ahead = reader;
        var (holdsData, holdsMore) = (false, false);
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
                ahead.Skip();
            else if (isSubject)
                subjectText = ahead.GetString();
            else
                ahead.TryGetBytesFromBase64(out bytes);
        }

        if (!holdsData)
            return false;

        if (holdsMore)
            throw new JsonException("The encrypted value is damaged: it holds other properties too.");

        try
        {
            subject = new SubjectId(subjectText ?? "");
        }
        catch (ArgumentException refused)
        {
            throw new JsonException($"The encrypted value is damaged: it does not say whose it is. {refused.Message}", refused);
        }

        data = bytes ?? throw new JsonException("The encrypted value is damaged: it is no base64.");
        reader = ahead;
        return true;
    }

    private static byte[] AssociatedData(SubjectId subject, string propertyName) => Encoding.UTF8.GetBytes($"{subject.Value}\0{propertyName}");
}
