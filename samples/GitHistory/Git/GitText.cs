using System.Text;
using System.Text.Unicode;

namespace GitHistory.Git;

internal static class GitText
{
    /// <summary>Text of a commit. Git says it is UTF-8, but keeps what a commit holds; every byte means something in Latin-1.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => (Utf8.IsValid(bytes) ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes);
}
