using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;

namespace FluentEventStore.Documents;

/// <summary>The tables of documents of one store.</summary>
/// <param name="schema">The schema that holds them.</param>
/// <param name="snapshots">
/// The types that are kept as snapshots of events. They are loaded like documents, but only the store writes them.
/// </param>
/// <param name="streams">The table of streams in that schema, which their rows point at.</param>
internal sealed class DocumentTables(SqlIdentifier schema, IReadOnlyCollection<DocumentType> snapshots, string streams)
{
    private readonly ConcurrentDictionary<Type, DocumentTable> _tables =
        new(snapshots.Select(snapshot => KeyValuePair.Create(snapshot.ClrType, new DocumentTable(schema, snapshot, streams))));

    /// <summary>The types that are kept as snapshots of events.</summary>
    public IReadOnlyCollection<DocumentType> Snapshots => snapshots;

    /// <summary>All document types of the store, by the name of their tables.</summary>
    public IReadOnlyList<DocumentType> Types =>
        [.. DocumentCatalog.All.Concat(snapshots)
            .DistinctBy(static type => type.Name)
            .OrderBy(static type => type.Name, StringComparer.Ordinal)];

    /// <summary>Finds the table of a type that sessions may read.</summary>
    /// <exception cref="ArgumentException">The type is no document of the store.</exception>
    public DocumentTable Get(Type clrType) => TryGet(clrType, out var table)
        ? table
        : throw new ArgumentException(Unregistered.Document(clrType));

    /// <summary>Finds the table of a type that sessions may write.</summary>
    /// <exception cref="ArgumentException">The type is no document of the store, or is kept as a snapshot of events.</exception>
    public DocumentTable GetWritable(Type clrType)
    {
        if (snapshots.Any(snapshot => snapshot.ClrType == clrType))
            throw new ArgumentException($"{clrType} is kept as a snapshot of its events: append events instead.");

        return Get(clrType);
    }

    private bool TryGet(Type clrType, [NotNullWhen(true)] out DocumentTable? table)
    {
        if (_tables.TryGetValue(clrType, out table))
            return true;

        if (!DocumentCatalog.TryGet(clrType, out var type))
            return false;

        table = _tables.GetOrAdd(clrType, new DocumentTable(schema, type, streams));
        return true;
    }
}
