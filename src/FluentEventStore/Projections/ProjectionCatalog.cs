using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using FluentEventStore.Documents;

namespace FluentEventStore.Projections;

/// <summary>The projections of the process. Generated code fills it when a module is loaded.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ProjectionCatalog
{
    private static readonly ConcurrentDictionary<Type, ProjectionType> ByType = new();
    private static readonly ConcurrentDictionary<string, ProjectionType> ByName = new(StringComparer.Ordinal);

    /// <summary>Registers a projection that keeps views. Registering the same again does nothing.</summary>
    /// <exception cref="InvalidOperationException">Another type has the name already.</exception>
    public static void Register<TProjection, TView, TDispatch>(string name, int version, bool isOfStore)
        where TProjection : Projection
        where TView : class
        where TDispatch : struct, IViewDispatch<TProjection, TView>
    {
        DocumentCatalog.Derive(typeof(TView));
        Add(new ViewProjection<TProjection, TView, TDispatch>(name, version, isOfStore));
    }

    /// <summary>Registers a projection that does what it wants with documents. Registering the same again does nothing.</summary>
    /// <exception cref="InvalidOperationException">Another type has the name already.</exception>
    public static void Register<TProjection, TDispatch>(string name, int version, bool isOfStore)
        where TProjection : Projection
        where TDispatch : struct, IOperationDispatch<TProjection>
    {
        foreach (var type in TDispatch.DocumentTypes)
            DocumentCatalog.Derive(type);

        Add(new OperationProjection<TProjection, TDispatch>(name, version, isOfStore));
    }

    /// <summary>The projection of exactly this type.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static ProjectionType Get(Type type)
    {
        if (!ByType.TryGetValue(type, out var found))
        {
            RuntimeHelpers.RunModuleConstructor(type.Module.ModuleHandle);
            ByType.TryGetValue(type, out found);
        }

        return found ?? throw new ArgumentException(
            $"{type} is not known as a projection: mark it with [Projection], and let its project reference the generator.");
    }

    private static void Add(ProjectionType added)
    {
        var registered = ByName.GetOrAdd(added.Name, added);
        if (registered.ClrType != added.ClrType)
            throw new InvalidOperationException(
                $"Two projections are named '{added.Name}': {registered.ClrType.AssemblyQualifiedName} and "
                    + $"{added.ClrType.AssemblyQualifiedName}.");

        ByType.TryAdd(added.ClrType, registered);
    }
}
