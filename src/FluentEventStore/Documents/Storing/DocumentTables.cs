using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using FluentEventStore.Postgres;
using FluentEventStore.Serialization;

namespace FluentEventStore.Documents;

/// <summary>The tables of documents of one store.</summary>
/// <param name="schema">The schema that holds them.</param>
/// <param name="derived">The types that are derived from events. They are loaded like documents, but only the store writes them.</param>
/// <param name="streams">What rows of snapshots point at.</param>
internal sealed class DocumentTables(SqlIdentifier schema, IReadOnlyCollection<DerivedType> derived, StreamRows streams)
{
    private readonly ConcurrentDictionary<Type, DocumentTable> _tables =
        new(derived.Select(one => KeyValuePair.Create(one.Type.ClrType, new DocumentTable(schema, one.Type, streams, one))));

    private readonly ConcurrentDictionary<(Type ClrType, int Slot), DocumentTable> _built = new();

    /// <summary>The types that are derived from events.</summary>
    public IReadOnlyCollection<DerivedType> Derived => derived;

    /// <summary>The types that sessions write, by the name of their tables.</summary>
    public IReadOnlyCollection<DocumentType> Written =>
        [.. DocumentCatalog.All.Where(type => !type.IsDerived && derived.All(one => one.Type.Name != type.Name))];

    /// <summary>Finds the table of a type that sessions may read.</summary>
    /// <exception cref="ArgumentException">The type is no document of the store.</exception>
    public DocumentTable Get(Type clrType) => TryGet(clrType, out var table)
        ? table
        : throw new ArgumentException(Unregistered.Document(clrType));

    /// <summary>Finds the table of a type that sessions may write.</summary>
    /// <exception cref="ArgumentException">The type is no document of the store, or is derived from events.</exception>
    public DocumentTable GetWritable(Type clrType) => Get(clrType) is { Derived: null, Type.IsDerived: false } table
        ? table
        : throw new ArgumentException($"{clrType} is derived from events: append events instead.");

    /// <summary>The table in which derived documents are built.</summary>
    /// <param name="clrType">Their type.</param>
    /// <param name="slot">Which of their tables.</param>
    public DocumentTable GetBuilt(Type clrType, int slot) => _built.GetOrAdd(
        (clrType, slot),
        static (key, own) =>
        {
            var (schema, derived, streams) = own;
            var one = derived.First(one => one.Type.ClrType == key.ClrType);
            return new DocumentTable(schema, one.Type, streams, one, key.Slot);
        },
        (schema, derived, streams));

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
