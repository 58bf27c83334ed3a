using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests.Compiling;

/// <summary>A generator of somebody else, which writes one file. Generators do not see each other's files.</summary>
internal sealed class OtherGenerator(string source) : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context) =>
        context.RegisterSourceOutput(
            context.CompilationProvider.Select(static (_, _) => 0), (output, _) => output.AddSource("Other.cs", source));
}
