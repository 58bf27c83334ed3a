using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FluentEventStore.Serialization;

namespace FluentEventStore.Messages;

/// <summary>The message types of the process. Generated code fills it when a module is loaded.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MessageCatalog
{
    private static readonly ConcurrentDictionary<Type, MessageType> ByType = new();
    private static readonly ConcurrentDictionary<string, MessageType> ByName = new(StringComparer.Ordinal);

    /// <summary>Registers a message type. Registering the same again does nothing.</summary>
    /// <exception cref="InvalidOperationException">Another type has the name already.</exception>
    public static void Register<T, TCodec>(string name)
        where TCodec : struct, IJsonCodec<T>
    {
        var registered = ByName.GetOrAdd(name, static name => new MessageType<T, TCodec>(name));
        if (registered.ClrType != typeof(T))
        {
            throw new InvalidOperationException(
                $"Two message types are named '{name}': {registered.ClrType.AssemblyQualifiedName} and "
                    + $"{typeof(T).AssemblyQualifiedName}.");
        }

        ByType.TryAdd(typeof(T), registered);
    }

    /// <summary>All message types registered so far.</summary>
    internal static IEnumerable<MessageType> All => ByName.Values;

    /// <summary>Finds the message type of exactly this type.</summary>
    internal static bool TryGet(Type clrType, [NotNullWhen(true)] out MessageType? messageType)
    {
        if (ByType.TryGetValue(clrType, out messageType))
            return true;

        RuntimeHelpers.RunModuleConstructor(clrType.Module.ModuleHandle);
        return ByType.TryGetValue(clrType, out messageType);
    }

    /// <summary>Finds the message type with a stored name.</summary>
    internal static bool TryGet(string name, [NotNullWhen(true)] out MessageType? messageType) =>
        ByName.TryGetValue(name, out messageType);
}
