using System.Collections.Immutable;
using System.Composition;
using FluentEventStore.Generators.Contracts;
using FluentEventStore.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace FluentEventStore.CodeFixes;

/// <summary>
/// Brings the entries of single events in the contract file up to date. All others stay as they are, whatever is wrong with them.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class ContractFix : CodeFixProvider
{
    private const string Title = "Update EventContracts.json";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.ContractEventNew.Id, Rules.ContractOutdated.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => new All();

    /// <inheritdoc/>
    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var project = context.Document.Project;
        var diagnostics = context.Diagnostics;
        context.RegisterCodeFix(
            CodeAction.Create(Title, token => UpdateAsync(project, diagnostics, token), equivalenceKey: nameof(ContractFix)), diagnostics);
        return Task.CompletedTask;
    }

    private static async Task<Solution> UpdateAsync(
        Project project, IEnumerable<Diagnostic> diagnostics, CancellationToken cancellationToken)
    {
        var found = project.AdditionalDocuments.FirstOrDefault(
            static document => ContractReader.IsContract(document.FilePath ?? document.Name));
        if (found is not { } document)
            return project.Solution;

        var text = await document.GetTextAsync(cancellationToken).ConfigureAwait(false);
        if (ContractReader.Read(document.Name, text) is not { Fault: null } file)
            return project.Solution;

        var entries = file.Entries.ToDictionary(static entry => entry.Key);
        foreach (var diagnostic in diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(ContractAnalyzer.EntryProperty, out var json) && json is { Length: > 0 })
            {
                var entry = ContractReader.ReadEntry(json);
                entries[entry.Key] = entry;
            }
        }

        return project.Solution.WithAdditionalDocumentText(
            document.Id, SourceText.From(ContractWriter.Write(entries.Values), text.Encoding));
    }

    /// <summary>The batch fixer merges changes of documents only, and a contract file is not one.</summary>
    private sealed class All : FixAllProvider
    {
        public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
        {
            var found = new List<(Project Project, ImmutableArray<Diagnostic> Diagnostics)>();
            if (context is { Scope: FixAllScope.Document, Document: { } document })
            {
                found.Add((context.Project, await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false)));
            }
            else
            {
                foreach (var project in context.Scope == FixAllScope.Solution ? context.Solution.Projects : [context.Project])
                    found.Add((project, await context.GetAllDiagnosticsAsync(project).ConfigureAwait(false)));
            }

            return CodeAction.Create(Title, token => UpdateAsync(context.Solution, found, token), equivalenceKey: nameof(ContractFix));
        }

        private static async Task<Solution> UpdateAsync(
            Solution solution,
            IEnumerable<(Project Project, ImmutableArray<Diagnostic> Diagnostics)> found,
            CancellationToken cancellationToken)
        {
            foreach (var (project, diagnostics) in found)
                solution = await ContractFix.UpdateAsync(solution.GetProject(project.Id)!, diagnostics, cancellationToken)
                    .ConfigureAwait(false);

            return solution;
        }
    }
}
