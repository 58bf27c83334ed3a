using Mono.Cecil;

namespace FluentEventStore.Tests.Architecture;

/// <summary>The built library, and where its types stand in the sources.</summary>
internal static class Library
{
    public static SourceTypes Sources { get; } = SourceTypes.OfProject("src/FluentEventStore");

    /// <summary>The types that the sources declare, outermost only.</summary>
    public static IReadOnlyList<(TypeDefinition Type, string Layer)> Types { get; } =
    [
        .. from type in Load(typeof(EventStore)).Types
           let layer = Sources.LayerOf(type.FullName)
           where layer is not null
           select (type, layer),
    ];

    public static ModuleDefinition Load(Type ofAssembly) => ModuleDefinition.ReadModule(ofAssembly.Assembly.Location);
}
