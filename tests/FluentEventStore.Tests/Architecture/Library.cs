using System.Collections.Concurrent;
using Mono.Cecil;

namespace FluentEventStore.Tests.Architecture;

/// <summary>The built library, and where its types stand in the sources.</summary>
internal static class Library
{
    private static readonly ConcurrentDictionary<string, Lazy<Sources>> Projects = new(StringComparer.Ordinal);

    public static Sources Sources => SourcesOf("src/FluentEventStore");

    /// <summary>The types that the sources declare, outermost only, each with its top folder.</summary>
    public static IReadOnlyList<(TypeDefinition Type, string Layer)> Types { get; } =
    [
        .. from type in Load(typeof(EventStore)).Types
           let file = Sources.Files.GetValueOrDefault(type.FullName)
           where file is not null
           select (type, new Floor("").RoomOf(file)),
    ];

    public static Sources SourcesOf(string project) =>
        Projects.GetOrAdd(project, static project => new Lazy<Sources>(() => Sources.OfProject(project))).Value;

    public static ModuleDefinition Load(Type ofAssembly) => ModuleDefinition.ReadModule(ofAssembly.Assembly.Location);
}
