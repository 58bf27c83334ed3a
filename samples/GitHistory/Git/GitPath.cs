using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace GitHistory.Git;

/// <summary>A path as git stores it: bytes of any encoding, relative to the root of the repository.</summary>
internal sealed class GitPath
{
    public GitPath(ReadOnlySpan<byte> bytes)
    {
        Bytes = bytes.ToArray();
        Text = bytes[0] != '"' && Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Quote(bytes);
    }

    public byte[] Bytes { get; }

    /// <summary>
    /// The path as text, a different one for each path: UTF-8 stays as it is. Anything else is quoted as git quotes, with each foreign byte
    /// in octal: <c>"caf\351.txt"</c>. A path that starts with a quotation mark is quoted too, so that no other path looks like a quoted
    /// one.
    /// </summary>
    public string Text { get; }

    public override string ToString() => Text;

    private static string Quote(ReadOnlySpan<byte> bytes)
    {
        var quoted = new StringBuilder(bytes.Length + 16).Append('"');
        for (; bytes.Length > 0;)
        {
            var valid = Rune.DecodeFromUtf8(bytes, out var rune, out var length) == OperationStatus.Done;
            if (!valid)
                foreach (var foreign in bytes[..length])
                    quoted.Append('\\')
                        .Append((char)('0' + (foreign >> 6)))
                        .Append((char)('0' + ((foreign >> 3) & 7)))
                        .Append((char)('0' + (foreign & 7)));
            else if (rune.Value is '"' or '\\')
                quoted.Append('\\').Append((char)rune.Value);
            else
                quoted.Append(rune);

            bytes = bytes[length..];
        }

        return quoted.Append('"').ToString();
    }
}
