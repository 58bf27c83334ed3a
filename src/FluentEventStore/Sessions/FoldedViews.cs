using FluentEventStore.Documents;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>The changes of inline views that a unit of work brings.</summary>
/// <param name="Versions">
/// Per stream of the unit: the version that it must be at for the changes to hold; -1 where no view concerns it.
/// <see langword="null"/> where no view concerns any.
/// </param>
/// <param name="Changes">The documents to write.</param>
internal sealed record FoldedViews(long[]? Versions, IReadOnlyList<DocumentChange> Changes)
{
    /// <summary>No view concerns the unit.</summary>
    public static FoldedViews None { get; } = new(Versions: null, []);

    /// <summary>Versions that hold for any unit with these streams.</summary>
    public static long[] NoVersions(EventUnit unit)
    {
        var versions = new long[unit.Streams.Length];
        Array.Fill(versions, -1);
        return versions;
    }
}
