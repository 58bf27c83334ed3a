using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FluentEventStore.Documents;
using FluentEventStore.Serialization;

namespace FluentEventStore.Aggregates;

/// <summary>The aggregate types of the process. Generated code fills it when a module is loaded.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class AggregateCatalog
{
    private static readonly ConcurrentDictionary<Type, AggregateType> ByType = new();
    private static readonly ConcurrentDictionary<string, AggregateType> ByName = new(StringComparer.Ordinal);
    private static volatile NaturalKeyIndex _keys = NaturalKeyIndex.Empty;

    /// <summary>
    /// Registers an aggregate type without an <c>Id</c>, which is only folded live. Registering the same again does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another type has the name already.</exception>
    public static void Register<T, TDispatch>(string name)
        where T : class
        where TDispatch : struct, IAggregateDispatch<T> =>
        Add(new AggregateType<T, TDispatch>(name, document: null));

    /// <summary>
    /// Registers an aggregate type with an <c>Id</c>, which can be kept as a document too. Registering the same again does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another type has the name already.</exception>
    public static void Register<T, TDispatch, TId, TShape>(string name)
        where T : class
        where TDispatch : struct, IAggregateDispatch<T>
        where TId : notnull
        where TShape : struct, IDocumentShape<T, TId> =>
        Add(new AggregateType<T, TDispatch>(name, DocumentCatalog.FindOrCreate<T, TId, TShape>(name)));

    /// <summary>
    /// Registers the natural key of an aggregate, which is registered already. Registering the same again does nothing.
    /// </summary>
    public static void RegisterKey<T, TKey, TDispatch>()
        where T : class
        where TKey : notnull
        where TDispatch : struct, INaturalKeyDispatch<TKey>
    {
        var added = new NaturalKey<TKey, TDispatch>(Get<T>().Name);
        lock (ByName)
            _keys = _keys.With(added);
    }

    /// <summary>Folds one event, for generated code that knows an aggregate but not its dispatch.</summary>
    /// <exception cref="ArgumentException">The type is no aggregate.</exception>
    public static T? Fold<T>(T? aggregate, IEvent @event)
        where T : class =>
        Get<T>().Fold(aggregate, @event);

    /// <summary>The natural keys of all of them.</summary>
    internal static NaturalKeyIndex Keys => _keys;

    /// <summary>The natural key of an aggregate.</summary>
    /// <exception cref="ArgumentException">The type is no aggregate, or it has no natural key of the type.</exception>
    internal static NaturalKey<TKey> KeyOf<T, TKey>()
        where T : class
        where TKey : notnull =>
        KeyOf<T>() is var found && found is NaturalKey<TKey> key
            ? key
            : throw new ArgumentException($"The natural key of {typeof(T)} is a {found.KeyType}, not a {typeof(TKey)}.");

    /// <inheritdoc cref="KeyOf{T, TKey}"/>
    internal static NaturalKey KeyOf<T>()
        where T : class =>
        Keys.Find(Get<T>().Name)
            ?? throw new ArgumentException($"{typeof(T)} has no natural key: mark its methods that say it with [NaturalKey].");

    /// <summary>Finds the aggregate type of exactly this type.</summary>
    internal static bool TryGet<T>([NotNullWhen(true)] out AggregateType<T>? aggregateType)
        where T : class
    {
        if (!ByType.TryGetValue(typeof(T), out var found))
        {
            RuntimeHelpers.RunModuleConstructor(typeof(T).Module.ModuleHandle);
            ByType.TryGetValue(typeof(T), out found);
        }

        aggregateType = (AggregateType<T>?)found;
        return aggregateType is not null;
    }

    /// <summary>The aggregate type of exactly this type.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static AggregateType<T> Get<T>()
        where T : class =>
        TryGet<T>(out var aggregateType) ? aggregateType : throw new ArgumentException(Unregistered.Aggregate(typeof(T)));

    /// <summary>The aggregate type of exactly this type; <see langword="null"/> if the type is no aggregate.</summary>
    internal static AggregateType? Find(Type type) => ByType.GetValueOrDefault(type);

    private static void Add(AggregateType added)
    {
        var registered = ByName.GetOrAdd(added.Name, added);
        if (registered.ClrType != added.ClrType)
        {
            throw new InvalidOperationException(
                $"Two aggregate types are named '{added.Name}': {registered.ClrType.AssemblyQualifiedName} and "
                    + $"{added.ClrType.AssemblyQualifiedName}.");
        }

        ByType.TryAdd(added.ClrType, registered);
    }
}
