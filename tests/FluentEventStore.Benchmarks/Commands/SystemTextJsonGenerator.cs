using System.Text;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Benchmarks.Commands;

/// <summary>The generator of System.Text.Json, as the SDK brings it.</summary>
internal static class SystemTextJsonGenerator
{
    private const string Assembly = "System.Text.Json.SourceGeneration";

    /// <summary>Makes the generator.</summary>
    /// <exception cref="FileNotFoundException">The SDK that runs the benchmark has no reference pack.</exception>
    public static IIncrementalGenerator Load()
    {
        var root = Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        var path = (Directory.Exists(root)
            ? Directory.EnumerateFiles(root, Assembly + ".dll", SearchOption.AllDirectories).Order(StringComparer.Ordinal).LastOrDefault()
            : null)
            ?? throw new FileNotFoundException("The generator of System.Text.Json is not in the SDK.", Assembly + ".dll");
        Type type = System.Reflection.Assembly.LoadFrom(path).GetType(Assembly + ".JsonSourceGenerator", throwOnError: true)!;
        return (IIncrementalGenerator)Activator.CreateInstance(type)!;
    }

    /// <summary>The source that asks for its code: a context for the events of each aggregate.</summary>
    public static string Contexts(int events, int eventsOfAggregate)
    {
        var source = new StringBuilder("using System.Text.Json;\nusing System.Text.Json.Serialization;\n");
        for (var number = 0; number < events; number++)
        {
            var room = number / eventsOfAggregate;
            if (number % eventsOfAggregate == 0)
                source.Append("namespace Shop.Room").Append(room).Append(" { [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]\n");

            source.Append("[JsonSerializable(typeof(Happened").Append(number).Append("))]\n");
            if (number % eventsOfAggregate == eventsOfAggregate - 1 || number == events - 1)
                source.Append("internal sealed partial class Context").Append(room).Append(" : JsonSerializerContext; }\n");
        }

        return source.ToString();
    }
}
