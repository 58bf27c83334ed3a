using Microsoft.CodeAnalysis.Diagnostics;

namespace FluentEventStore.Generators.Usage;

/// <summary>An analyzer of how the library is used. It does nothing in a compilation that does not refer to it.</summary>
public abstract class StoreAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (StoreTypes.Find(start.Compilation) is { } types)
                Start(start, types);
        });
    }

    private protected abstract void Start(CompilationStartAnalysisContext context, StoreTypes types);
}
