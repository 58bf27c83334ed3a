using System.Text.Json;

namespace FluentEventStore.Events;

/// <summary>Reads the line of a subject.</summary>
internal static class SubjectLineParser
{
    /// <summary>Whether a line is that of a subject: its first name tells.</summary>
    public static bool IsSubject(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, isFinalBlock: false, default);
        return reader.Read()
            && reader.Read()
            && reader.TokenType == JsonTokenType.PropertyName
            && reader.ValueTextEquals(EventLine.Subject);
    }

    /// <exception cref="JsonException">The line is not JSON.</exception>
    /// <exception cref="FormatException">It is JSON, but does not describe a subject.</exception>
    /// <exception cref="ArgumentException">It describes an impossible subject.</exception>
    /// <exception cref="InvalidOperationException">A text holds an escape that is no character.</exception>
    public static ImportedSubject Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        string? subject = null, tenant = null;
        SubjectKey? key = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            switch (name)
            {
                case EventLine.Subject when subject is null && reader.TokenType == JsonTokenType.String:
                    subject = reader.GetString();
                    break;
                case EventLine.Tenant when tenant is null && reader.TokenType == JsonTokenType.String:
                    tenant = reader.GetString();
                    break;
                case EventLine.Key when key is null
                    && reader.TokenType == JsonTokenType.String
                    && reader.TryGetBytesFromBase64(out var bytes)
                    && bytes.Length == SubjectKey.Length:
                    key = new SubjectKey(bytes);
                    break;
                case EventLine.Forgotten when key is null && reader.TokenType == JsonTokenType.True:
                    key = SubjectKey.Forgotten;
                    break;
                default:
                    // The value is left out, as it may be a key.
                    throw new FormatException(
                        $"'{name}' occurs twice, does not belong in the line of a subject, or has a value that is not allowed.");
            }
        }

        // The reader fails if anything follows the object.
        reader.Read();
        return subject is null || tenant is null || key is null
            ? throw new FormatException(
                $"The line of a subject needs '{EventLine.Subject}', '{EventLine.Tenant}', and '{EventLine.Key}' or "
                    + $"'{EventLine.Forgotten}'; one of these is missing.")
            : new ImportedSubject(new TenantId(tenant), SubjectId.Stored(subject), key);
    }
}
