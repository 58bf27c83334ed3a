using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests.Compiling;

/// <summary>
/// Runs compiled sources beside a library of their own, so that the catalogs of two tests never meet. The sources hold a class <c>Test</c>
/// with a method <c>string Run()</c>.
/// </summary>
internal sealed class LoadedCase : AssemblyLoadContext
{
    private readonly Dictionary<string, byte[]> _images = [];

    private LoadedCase()
        : base(isCollectible: true)
    {
    }

    public static string Run(params Compilation[] compilations)
    {
        var context = new LoadedCase();
        try
        {
            foreach (var compilation in compilations)
            {
                context._images.Add(compilation.AssemblyName!, Emit(compilation));
            }

            var assembly = context.LoadFromAssemblyName(new AssemblyName(compilations[^1].AssemblyName!));
            return (string)assembly.GetType("Test", throwOnError: true)!.GetMethod("Run")!
                .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, parameters: null, culture: null)!;
        }
        finally
        {
            context.Unload();
        }
    }

    public static byte[] Emit(Compilation compilation)
    {
        using var stream = new MemoryStream();
        // The rules of a strict project were asserted before; test sources without documentation run all the same.
        var lenient = compilation.WithOptions(compilation.Options.WithGeneralDiagnosticOption(ReportDiagnostic.Default));
        var result = lenient.Emit(stream);
        result.Success.ShouldBeTrue(
            string.Join("\n", result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        return stream.ToArray();
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (_images.TryGetValue(assemblyName.Name!, out var image))
            return LoadFromStream(new MemoryStream(image));

        var library = typeof(EventAttribute).Assembly;
        return assemblyName.Name == library.GetName().Name ? LoadFromAssemblyPath(library.Location) : null;
    }
}
