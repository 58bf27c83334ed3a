using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>The event types of the process. Generated code fills it when a module is loaded.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class EventCatalog
{
    private static readonly ConcurrentDictionary<Type, EventType> Declared = new();
    private static readonly ConcurrentDictionary<Type, EventType> ByType = new();
    private static readonly ConcurrentDictionary<(string Name, int Version), EventType> ByName = new();
    private static readonly ConcurrentDictionary<(string Alias, int Version), string> Aliases = new();
    private static readonly UpcasterChains Chains = new();

    /// <summary>Registers an event type. Registering the same again does nothing.</summary>
    /// <param name="name">The stored name.</param>
    /// <param name="version">The stored version.</param>
    /// <param name="traits">What else is known of the type.</param>
    /// <exception cref="InvalidOperationException">Another type has the name and version already.</exception>
    public static void Register<T, TCodec>(string name, int version, EventTraits<T> traits)
        where T : notnull
        where TCodec : struct, IJsonCodec<T>
    {
        ArgumentNullException.ThrowIfNull(traits);
        var added = new EventType<T, TCodec>(name, version, traits.HoldsPersonalData, traits.Tags) { Columns = traits.Columns };
        var registered = ByName.GetOrAdd((name, version), added);
        if (registered.ClrType != typeof(T))
        {
            throw new InvalidOperationException(
                $"Two event types are named '{name}' in version {version}: {registered.ClrType.AssemblyQualifiedName} and "
                    + $"{typeof(T).AssemblyQualifiedName}.");
        }

        Declared.TryAdd(typeof(T), registered);
        ByType.TryAdd(typeof(T), registered);
    }

    /// <summary>
    /// Registers a former name under which events of a type were stored. The type is registered before. Registering the same again does
    /// nothing.
    /// </summary>
    /// <param name="alias">The former name.</param>
    /// <exception cref="InvalidOperationException">Another type has the name in this version, or the type is not registered.</exception>
    public static void RegisterAlias<T>(string alias)
        where T : notnull
    {
        var declared = FindDeclared(typeof(T));
        var aliased = declared.As(alias);
        var registered = ByName.GetOrAdd((alias, declared.Version), aliased);
        if (registered.ClrType != typeof(T))
        {
            throw new InvalidOperationException(
                $"The event '{declared.Name}' has the alias '{alias}', which is the name of version {declared.Version} of another event: "
                    + $"{registered.ClrType.AssemblyQualifiedName}.");
        }

        // A former name is a shape of its own; the step from it changes nothing.
        Aliases[(alias, declared.Version)] = declared.Name;
        Add(aliased, new Upcaster<T, T>($"from '{alias}'", static (data, _) => data));
    }

    /// <summary>
    /// Registers an upcaster from one event type to another, both registered before. Registering the same again does nothing.
    /// </summary>
    /// <param name="method">The name of the method, by which it is known.</param>
    /// <param name="upcast">Calls the method.</param>
    /// <exception cref="InvalidOperationException">
    /// Another upcaster leads from the type, the chain comes back to itself, or a type is not registered.
    /// </exception>
    public static void RegisterUpcaster<TOld, TNew>(string method, Func<TOld, EventMetadata, TNew> upcast)
        where TOld : notnull
        where TNew : notnull =>
        Add(FindDeclared(typeof(TOld)), new Upcaster<TOld, TNew>(method, upcast));

    /// <summary>
    /// Registers an upcaster from a stored shape that has no type to an event type that is registered before. Registering the same again
    /// does nothing.
    /// </summary>
    /// <param name="name">The stored name of the shape.</param>
    /// <param name="version">Its stored version.</param>
    /// <param name="method">The name of the method, by which it is known.</param>
    /// <param name="upcast">Calls the method.</param>
    /// <exception cref="InvalidOperationException">
    /// The shape has a type, another upcaster leads from it, the chain comes back to itself, or the type is not registered.
    /// </exception>
    public static void RegisterUpcaster<TNew>(string name, int version, string method, Func<JsonElement, EventMetadata, TNew> upcast)
        where TNew : notnull
    {
        if (ByName.TryGetValue((name, version), out var declared) && declared.ClrType != typeof(JsonElement))
        {
            throw new InvalidOperationException(
                $"The upcaster {method} takes version {version} of the event '{name}' as JSON, but that version is declared as "
                    + $"{declared.ClrType.AssemblyQualifiedName}.");
        }

        Add(new JsonEventType(name, version), new Upcaster<JsonElement, TNew>(method, upcast));
    }

    /// <summary>Finds the event type of exactly this type of data.</summary>
    internal static bool TryGet(Type clrType, [NotNullWhen(true)] out EventType? eventType)
    {
        if (ByType.TryGetValue(clrType, out eventType))
            return true;

        // A module registers its types when it is first run; so far, code may only have named this type.
        RuntimeHelpers.RunModuleConstructor(clrType.Module.ModuleHandle);
        return ByType.TryGetValue(clrType, out eventType);
    }

    /// <summary>The event type of exactly this type of data.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static EventType Get(Type clrType, string? parameterName = null) =>
        TryGet(clrType, out var eventType) ? eventType : throw new ArgumentException(Unregistered.Event(clrType), parameterName);

    /// <summary>Finds the event type with a stored name and version.</summary>
    internal static bool TryGet(string name, int version, [NotNullWhen(true)] out EventType? eventType) =>
        ByName.TryGetValue((name, version), out eventType);

    /// <summary>The versions of a stored name that can be read, in ascending order.</summary>
    internal static IReadOnlyList<int> VersionsOf(string name) =>
        [.. ByName.Keys.Where(stored => stored.Name == name).Select(static stored => stored.Version).Order()];

    /// <summary>For each stored name the declared type with the highest version, in the order of the names.</summary>
    internal static IReadOnlyList<EventType> NewestDeclared() =>
    [
        .. Declared.Values.GroupBy(static declared => declared.Name)
            .Select(static versions => versions.MaxBy(static declared => declared.Version)!)
            .OrderBy(static newest => newest.Name, StringComparer.Ordinal),
    ];

    /// <summary>The former names of an event, of any version.</summary>
    internal static IEnumerable<string> AliasesOf(string name) =>
        Aliases.Where(alias => alias.Value == name).Select(static alias => alias.Key.Alias).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The stored names that are read as an event type: its own, and those of older shapes whose upcasters lead to it.</summary>
    internal static IEnumerable<string> NamesOf(EventType eventType) =>
        ByName.Values.Where(stored => stored.Current.ClrType == eventType.ClrType)
            .Select(static stored => stored.Name)
            .Append(eventType.Name)
            .Distinct();

    /// <summary>The stored names that are read as one of these types, or as a type derived from one.</summary>
    internal static IReadOnlyCollection<string> NamesReadAs(IReadOnlyCollection<Type> types) =>
    [
        .. ByName.Values.Where(stored => types.Any(type => type.IsAssignableFrom(stored.Current.ClrType)))
            .Select(static stored => stored.Name)
            .Distinct(StringComparer.Ordinal),
    ];

    private static void Add(EventType stored, Upcaster upcaster)
    {
        FindDeclared(upcaster.Target);
        lock (Chains)
        {
            if (!Chains.Add(stored, upcaster, FindDeclared))
                return;

            // A chain that has ended at the shape so far now goes on.
            foreach (var resolved in Chains.Resolve(FindDeclared))
            {
                ByName[(resolved.Name, resolved.Version)] = resolved;
                if (resolved.ClrType != typeof(JsonElement) && !Aliases.ContainsKey((resolved.Name, resolved.Version)))
                    ByType[resolved.ClrType] = resolved;
            }
        }
    }

    private static EventType FindDeclared(Type clrType) => Declared.TryGetValue(clrType, out var eventType)
        ? eventType
        : throw new InvalidOperationException($"An upcaster names {clrType.AssemblyQualifiedName}, which is not a registered event type.");
}
