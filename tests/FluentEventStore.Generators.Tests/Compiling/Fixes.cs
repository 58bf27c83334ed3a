using System.Collections.Immutable;
using FluentEventStore.CodeFixes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace FluentEventStore.Generators.Tests.Compiling;

/// <summary>Applies code fixes to sources as an editor does.</summary>
internal static class Fixes
{
    private static readonly ImmutableArray<CodeFixProvider> Providers = Analysis.Create<CodeFixProvider>(typeof(StoreCodeFix));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The ids of the rules that have a fix.</summary>
    public static IEnumerable<string> Ids => Providers.SelectMany(static provider => provider.FixableDiagnosticIds).Distinct();

    /// <summary>The titles of what is offered for the first diagnostic of a rule.</summary>
    public static async Task<string[]> OfferAsync(string source, string id, OutputKind outputKind = OutputKind.DynamicallyLinkedLibrary)
    {
        var document = Open(source, outputKind);
        var diagnostic = (await FindAsync(document, id))[0];
        return [.. (await ActionsAsync(document, diagnostic)).Select(static offer => offer.Action.Title)];
    }

    /// <summary>The source after the fix of a title, or the only one that is offered, for the first diagnostic of a rule.</summary>
    public static async Task<string> ApplyAsync(
        string source, string id, OutputKind outputKind = OutputKind.DynamicallyLinkedLibrary, string? title = null)
    {
        var document = Open(source, outputKind);
        var (action, _) = (await ActionsAsync(document, (await FindAsync(document, id))[0])).Where(
            offer => title is null || offer.Action.Title == title).ShouldHaveSingleItem();
        return await AfterAsync(document, action);
    }

    /// <summary>The source after the fix is applied to all diagnostics of a rule.</summary>
    public static async Task<string> ApplyToAllAsync(string source, string id)
    {
        var document = Open(source, OutputKind.DynamicallyLinkedLibrary);
        var (action, provider) = (await ActionsAsync(document, (await FindAsync(document, id))[0])).ShouldHaveSingleItem();
        var all = await provider.GetFixAllProvider()!.GetFixAsync(new FixAllContext(
            document, provider, FixAllScope.Document, action.EquivalenceKey!, [id], new Found(id), Cancellation));
        return await AfterAsync(document, all!);
    }

    private static Document Open(string source, OutputKind outputKind)
    {
        var compilation = Sources.Parse(source);
        var project = new AdhocWorkspace().AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "Shop",
            "Shop",
            LanguageNames.CSharp,
            compilationOptions: compilation.Options.WithOutputKind(outputKind),
            parseOptions: compilation.SyntaxTrees[0].Options,
            metadataReferences: compilation.References));
        project = project.AddDocument("Usings.cs", compilation.SyntaxTrees[0].GetText(Cancellation)).Project;
        return project.AddDocument("Source.cs", source);
    }

    /// <summary>What analyzers and the generator report for one rule.</summary>
    private static async Task<Diagnostic[]> FindAsync(Document document, string id)
    {
        var compilation = (Microsoft.CodeAnalysis.CSharp.CSharpCompilation)(await document.Project.GetCompilationAsync(Cancellation))!;
        var generated = Sources.Run(compilation, out var output).Diagnostics;
        return [.. generated.Concat(await Analysis.RunAsync(output)).Where(diagnostic => diagnostic.Id == id)];
    }

    private static async Task<List<(CodeAction Action, CodeFixProvider Provider)>> ActionsAsync(Document document, Diagnostic diagnostic)
    {
        var offered = new List<(CodeAction, CodeFixProvider)>();
        foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
            await provider.RegisterCodeFixesAsync(
                new CodeFixContext(document, diagnostic, (action, _) => offered.Add((action, provider)), Cancellation));

        return offered;
    }

    private static async Task<string> AfterAsync(Document document, CodeAction action)
    {
        var operations = await action.GetOperationsAsync(Cancellation);
        var changed = operations.OfType<ApplyChangesOperation>().ShouldHaveSingleItem().ChangedSolution;
        return (await changed.GetDocument(document.Id)!.GetTextAsync(Cancellation)).ToString();
    }

    private sealed class Found(string id) : FixAllContext.DiagnosticProvider
    {
        public override async Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(
            Document document, CancellationToken cancellationToken) =>
            (await FindAsync(document, id)).Where(
                diagnostic => diagnostic.Location.SourceTree!.FilePath == document.Name || document.Name == "Source.cs");

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
