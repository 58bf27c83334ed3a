using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FluentEventStore.Documents;

/// <summary>The document types of the process. Generated code fills it when a module is loaded.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DocumentCatalog
{
    private static readonly ConcurrentDictionary<Type, DocumentType> ByType = new();
    private static readonly ConcurrentDictionary<string, DocumentType> ByName = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<Type, bool> DerivedTypes = new();

    /// <summary>Registers a document type. Registering the same again does nothing.</summary>
    /// <exception cref="InvalidOperationException">Another type has the name already.</exception>
    public static void Register<T, TId, TShape>(string name)
        where T : class
        where TId : notnull
        where TShape : struct, IDocumentShape<T, TId>
    {
        var registered = ByName.GetOrAdd(name, static name => new DocumentType<T, TId, TShape>(name));
        if (registered.ClrType != typeof(T))
        {
            throw new InvalidOperationException(
                $"Two document types are named '{name}': {registered.ClrType.AssemblyQualifiedName} and "
                    + $"{typeof(T).AssemblyQualifiedName}.");
        }

        ByType.TryAdd(typeof(T), registered);
    }

    /// <summary>Says that a projection derives documents of a type from events.</summary>
    internal static void Derive(Type clrType) => DerivedTypes[clrType] = true;

    /// <summary>Whether a projection derives documents of a type from events.</summary>
    internal static bool IsDerived(Type clrType) => DerivedTypes.ContainsKey(clrType);

    /// <summary>All document types registered so far, by name.</summary>
    internal static IReadOnlyList<DocumentType> All => [.. ByName.Values.OrderBy(static type => type.Name, StringComparer.Ordinal)];

    /// <summary>The document type of an aggregate: the registered one if the aggregate is marked as a document too.</summary>
    internal static DocumentType FindOrCreate<T, TId, TShape>(string name)
        where T : class
        where TId : notnull
        where TShape : struct, IDocumentShape<T, TId> =>
        ByType.TryGetValue(typeof(T), out var registered) ? registered : new DocumentType<T, TId, TShape>(name);

    /// <summary>Finds the document type of exactly this type.</summary>
    internal static bool TryGet(Type clrType, [NotNullWhen(true)] out DocumentType? documentType)
    {
        if (ByType.TryGetValue(clrType, out documentType))
            return true;

        RuntimeHelpers.RunModuleConstructor(clrType.Module.ModuleHandle);
        return ByType.TryGetValue(clrType, out documentType);
    }
}
