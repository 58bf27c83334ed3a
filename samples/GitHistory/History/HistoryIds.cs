using System.Globalization;
using System.Text;

namespace GitHistory.History;

/// <summary>The ids of streams and events. They follow from the history alone, so that importing twice is importing once.</summary>
internal static class HistoryIds
{
    private static readonly Guid Files = new("5d3f1a86-0b5e-4a64-9f0c-0f7c63a1e0d1");
    private static readonly Guid Authors = new("b7a6c3de-5e0a-4d0f-8a1b-52a1d8d1c6f2");
    private static readonly Guid Events = new("e2c94b17-7c1d-4f3b-b6a5-9d3e8f2a70c3");

    /// <summary>The stream of a file: its path at first sight and the commit that showed it.</summary>
    public static Guid File(string commit, ReadOnlySpan<byte> path) =>
        NameBasedUuid.Create(Files, [.. Encoding.ASCII.GetBytes(commit), (byte)' ', .. path]);

    /// <summary>The stream of an author. An address may be empty, of any length and encoding; its UUID is always a good id.</summary>
    public static Guid Author(ReadOnlySpan<byte> email) => NameBasedUuid.Create(Authors, email);

    /// <summary>An event of a commit; 0 is its <see cref="CommitAuthored"/>.</summary>
    public static Guid Event(string commit, long ordinal) =>
        NameBasedUuid.Create(Events, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{commit} {ordinal}")));
}
