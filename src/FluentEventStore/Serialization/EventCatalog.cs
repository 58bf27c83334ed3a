using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FluentEventStore.Serialization;

/// <summary>The event types of the process. Generated code fills it when a module is loaded.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class EventCatalog
{
    private static readonly ConcurrentDictionary<Type, EventType> ByType = new();
    private static readonly ConcurrentDictionary<(string Name, int Version), EventType> ByName = new();

    /// <summary>Registers an event type. Registering the same again does nothing.</summary>
    /// <exception cref="InvalidOperationException">Another type has the name and version already.</exception>
    public static void Register<T, TCodec>(string name, int version)
        where T : notnull
        where TCodec : struct, IJsonCodec<T>
    {
        var added = new EventType<T, TCodec>(name, version);
        var registered = ByName.GetOrAdd((name, version), added);
        if (registered.ClrType != typeof(T))
        {
            throw new InvalidOperationException(
                $"Two event types are named '{name}' in version {version}: {registered.ClrType.AssemblyQualifiedName} and {typeof(T).AssemblyQualifiedName}.");
        }

        ByType.TryAdd(typeof(T), registered);
    }

    /// <summary>Finds the event type of exactly this type of data.</summary>
    internal static bool TryGet(Type clrType, [NotNullWhen(true)] out EventType? eventType)
    {
        if (ByType.TryGetValue(clrType, out eventType))
            return true;

        // A module registers its types when it is first run; so far, code may only have named the type.
        RuntimeHelpers.RunModuleConstructor(clrType.Module.ModuleHandle);
        return ByType.TryGetValue(clrType, out eventType);
    }

    /// <summary>Finds the event type with a stored name and version.</summary>
    internal static bool TryGet(string name, int version, [NotNullWhen(true)] out EventType? eventType) =>
        ByName.TryGetValue((name, version), out eventType);
}
