using FluentEventStore.CodeFixes;
using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Tests.Contracts;

public sealed class ContractFixTests
{
    private const string Before = """
        [Event("a")] public sealed record A(int X);
        [Event("b")] public sealed record B(int X);
        """;

    private const string After = """
        [Event("a")] public sealed record A(int X, int? Y = null);
        [Event("b")] public sealed record B(string X);
        [Event("c")] public sealed record C(int X);
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("FES0036")]
    [InlineData("FES0037")]
    public async Task The_fix_updates_the_entry_of_the_event_and_no_other(string id)
    {
        var before = ContractCase.Update(Before);
        var document = Open(After, before);
        var diagnostic = (await FindAsync(document.Project)).Single(found => found.Id == id);
        var after = await AfterAsync(document, await OfferAsync(document, diagnostic));
        after.ShouldBe(
            id == "FES0036"
                ? ContractCase.Update(Before + """[Event("c")] public sealed record C(int X);""")
                : ContractCase.Update(Before.Replace("A(int X)", "A(int X, int? Y = null)"), before));
        (await FindAsync(Open(After, after).Project)).Select(static found => found.Id).ShouldBe(
            new[] { "FES0032", "FES0036", "FES0037" }.Except([id]), ignoreOrder: true);
    }

    [Theory]
    [InlineData(FixAllScope.Document)]
    [InlineData(FixAllScope.Project)]
    [InlineData(FixAllScope.Solution)]
    public async Task All_events_can_be_added_at_once(FixAllScope scope)
    {
        var document = Open(Before, "{}");
        var diagnostics = await FindAsync(document.Project);
        var fix = new ContractFix();
        var context = new FixAllContext(
            document,
            fix,
            scope,
            (await OfferAsync(document, diagnostics[0])).EquivalenceKey!,
            ["FES0036"],
            new Found(diagnostics),
            Cancellation);
        (await AfterAsync(document, (await fix.GetFixAllProvider().GetFixAsync(context))!)).ShouldBe(ContractCase.Update(Before));
    }

    [Fact]
    public void What_breaks_stored_events_has_no_fix_that_hides_it() =>
        new ContractFix().FixableDiagnosticIds.ShouldBe(["FES0036", "FES0037"]);

    private static Document Open(string source, string contract)
    {
        var compilation = Sources.Parse(source);
        var project = new AdhocWorkspace().AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "Shop", "Shop", LanguageNames.CSharp,
            compilationOptions: compilation.Options,
            parseOptions: compilation.SyntaxTrees[0].Options,
            metadataReferences: compilation.References));
        project = project.AddDocument("Usings.cs", compilation.SyntaxTrees[0].GetText(Cancellation)).Project;
        project = project.AddAdditionalDocument("EventContracts.json", contract, filePath: ContractCase.FilePath).Project;
        return project.AddDocument("Source.cs", source);
    }

    private static async Task<Diagnostic[]> FindAsync(Project project)
    {
        var contract = await project.AdditionalDocuments.Single().GetTextAsync(Cancellation);
        return await ContractCase.AnalyzeAsync(
            (CSharpCompilation)(await project.GetCompilationAsync(Cancellation))!, isUpdate: false, ContractCase.File(contract.ToString()));
    }

    private static async Task<CodeAction> OfferAsync(Document document, Diagnostic diagnostic)
    {
        var offered = new List<CodeAction>();
        await new ContractFix().RegisterCodeFixesAsync(
            new CodeFixContext(document, diagnostic, (action, _) => offered.Add(action), Cancellation));
        return offered.ShouldHaveSingleItem();
    }

    private static async Task<string> AfterAsync(Document document, CodeAction action)
    {
        var changed =
            (await action.GetOperationsAsync(Cancellation)).OfType<ApplyChangesOperation>().ShouldHaveSingleItem().ChangedSolution;
        return (await changed.GetProject(document.Project.Id)!.AdditionalDocuments.Single().GetTextAsync(Cancellation)).ToString();
    }

    private sealed class Found(Diagnostic[] diagnostics) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>([]);

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken) =>
            Task.FromResult<IEnumerable<Diagnostic>>(diagnostics);
    }
}
