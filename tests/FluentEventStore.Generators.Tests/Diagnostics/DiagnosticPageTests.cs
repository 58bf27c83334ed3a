using System.Text.RegularExpressions;
using FluentEventStore.Generators.Tests.Compiling;
using FluentEventStore.Generators.Tests.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace FluentEventStore.Generators.Tests;

/// <summary>
/// Compiles the examples of the pages about diagnostics: the bad ones are reported, and the good ones get advice at most.
/// </summary>
public sealed partial class DiagnosticPageTests
{
    private const string Usings = "using System.Text.Json;\nusing System.Threading.Tasks;\n";

    /// <summary>What examples speak of without declaring it, by name.</summary>
    private static readonly Dictionary<string, string> Context = new(StringComparer.Ordinal)
    {
        ["MoneyDeposited"] =
            """[Event("money-deposited", Version = 2)] public sealed record MoneyDeposited(Guid AccountId, decimal Amount, """
                + """string Currency = "EUR");""",
        ["MoneyDepositedV1"] = """[Event("money-deposited")] public sealed record MoneyDepositedV1(Guid AccountId, decimal Amount);""",
        ["AccountOpened"] = """[Event("account-opened")] public sealed record AccountOpened(Guid AccountId);""",
        ["Account"] =
            """[Aggregate("account")] public sealed partial record Account(Guid Id, decimal Balance) { """
                + """public static Account Create(AccountOpened e) => new(e.AccountId, 0); }""",
        ["Money"] = "public sealed record Money(decimal Amount, string Currency);",
        ["IPayment"] = "public interface IPayment;",
        ["IOfCustomer"] = "public interface IOfCustomer;",
        ["AddItem"] = "public sealed record AddItem(string Product);",
        ["ItemAdded"] = """[Event("item-added")] public sealed record ItemAdded(string Item);""",
        ["CartState"] = "public sealed record CartState(int Items);",
        ["OrderLine"] = "public sealed record OrderLine(string Product);",
    };

    /// <summary>The code whose contract an example is compared with.</summary>
    private static readonly Dictionary<string, string> Stored = new(StringComparer.Ordinal)
    {
        ["FES0031"] = Deposited,
        ["FES0032"] = Deposited,
        ["FES0033"] = Deposited,
        ["FES0034"] = """[Event("account-locked")] public sealed record AccountLocked(Guid AccountId);""",
        ["FES0035"] = Deposited,
        ["FES0036"] = "",
        ["FES0037"] = Deposited,
        ["FES0054"] =
            """[Event("money-deposited")] public sealed record MoneyDeposited(Guid AccountId, """
                + """[property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] decimal Amount);""",
    };

    private const string Deposited = """[Event("money-deposited")] public sealed record MoneyDeposited(Guid AccountId, decimal Amount);""";

    public static TheoryData<string> Ids =>
        [.. Directory.GetFiles(Folder(), "FES*.md")
            .Select(static path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Ids))]
    public async Task The_bad_example_is_reported(string id)
    {
        foreach (var block in Blocks(id, "Bad"))
        {
            var found = block.IsJson
                ? await ReportedAsync(Deposited, block.Text)
                : await ReportedAsync(Complete(block.Text, ""), ContractFor(id));
            found.Select(static diagnostic => diagnostic.Id).ShouldContain(id, Show(found));
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public async Task The_good_example_is_neither_reported_nor_another_mistake(string id)
    {
        var bad = Blocks(id, "Bad").Single();
        foreach (var block in Blocks(id, "Good"))
        {
            var found = block.IsJson
                ? await ReportedAsync(bad.IsJson ? Deposited : Complete(bad.Text, ""), Whole(block.Text))
                : await ReportedAsync(Complete(block.Text, bad.Text), ContractFor(id));
            found.Where(diagnostic => diagnostic.Id == id || diagnostic.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty(Show(found));
        }
    }

    private static string? ContractFor(string id) =>
        Stored.TryGetValue(id, out var source) ? ContractCase.Update(source, """{"format": 1, "events": []}""") : null;

    // A page shows a whole contract, an entry of it, or the properties of an entry.
    private static string Whole(string json) => json switch
    {
        _ when json.Contains("\"format\"", StringComparison.Ordinal) => json,
        _ when json.StartsWith('{') => $$"""{"format": 1, "events": [{{json}}]}""",
        _ =>
            $$"""{"format": 1, "events": [{"name": "money-deposited", "version": 1, "type": "MoneyDeposited", {{json}}, "sample": {} }]}""",
    };

    private static async Task<Diagnostic[]> ReportedAsync(string source, string? contract)
    {
        var compilation = Sources.Parse(source);
        Errors(compilation).ShouldBeEmpty(source);
        AdditionalText[] files = contract is null ? [] : [ContractCase.File(contract)];
        var generated = ContractCase.Run(compilation, out var output, isUpdate: false, files).Diagnostics;
        if (generated.IsEmpty)
            Errors(output).ShouldBeEmpty(source);

        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([.. files]), onAnalyzerException: null, concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        var analyzed = await output.WithAnalyzers(Analysis.Analyzers, options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. generated, .. analyzed];
    }

    private static IEnumerable<string> Errors(Compilation compilation) =>
        compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(static diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error)
            .Select(Sources.Describe);

    /// <summary>An example as a file: what it leaves out or only hints at stands around it.</summary>
    /// <param name="example">The code of the page.</param>
    /// <param name="before">The example before it. Its types are still there, unless the example declares them itself.</param>
    private static string Complete(string example, string before)
    {
        var root = Parse(example);
        var types = root.Members.Where(IsType).ToList();
        var declared = types.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        types.AddRange(Parse(before).Members.Where(IsType).Where(type => declared.Add(NameOf(type))));

        var members = root.Members.Where(static member => member is MethodDeclarationSyntax).ToArray();
        var upcasters = string.Concat(members.Where(IsUpcaster).Select(static member => member.ToFullString()));
        var applies = string.Concat(
            members.Where(static member => member is MethodDeclarationSyntax { Identifier.ValueText: "Apply" })
                .Select(static member => member.ToFullString()));
        var others = string.Concat(
            members.Where(static member => !IsUpcaster(member) && member is not MethodDeclarationSyntax { Identifier.ValueText: "Apply" })
                .Select(static member => member.ToFullString()));
        var statements = string.Concat(root.Members.OfType<GlobalStatementSyntax>().Select(static member => member.ToFullString()));
        var source = string.Concat(types.Select(static type => type.ToFullString() + "\n"))
            + (upcasters.Length == 0 ? "" : $"public static class Upcasters {{ {upcasters} }}\n")
            + (applies.Length == 0
                ? ""
                : "[Aggregate(\"account\")] public sealed partial record Account(Guid Id, decimal Balance) { "
                    + $"public static Account Create(AccountOpened e) => new(e.AccountId, 0);\n {applies} }}\n")
            + (others.Length == 0 ? "" : $"public class Members {{ {others} }}\n")
            + (statements.Length == 0
                ? ""
                : "public class Statements { public async Task M(IDocumentSession session, EventStoreOptions options, Guid id, "
                    + $"long version) {{ await Task.Yield(); {statements} }} }}\n");

        if (applies.Length > 0)
            declared.Add("Account");

        for (var isComplete = false; !isComplete;)
        {
            isComplete = true;
            foreach (var (name, declaration) in Context.Where(known => Regex.IsMatch(source, $@"\b{known.Key}\b")).ToArray())
            {
                if (declared.Add(name))
                {
                    source += declaration + "\n";
                    isComplete = false;
                }
            }
        }

        return Usings + source;
    }

    private static CompilationUnitSyntax Parse(string example) =>
        SyntaxFactory.ParseCompilationUnit(
            example.Replace("…", "throw new NotImplementedException()", StringComparison.Ordinal),
            options: new CSharpParseOptions(kind: SourceCodeKind.Script));

    private static bool IsType(MemberDeclarationSyntax member) => member is BaseTypeDeclarationSyntax;

    private static string NameOf(MemberDeclarationSyntax type) => ((BaseTypeDeclarationSyntax)type).Identifier.ValueText;

    private static bool IsUpcaster(MemberDeclarationSyntax member) =>
        member.AttributeLists.ToString().Contains("Upcaster", StringComparison.Ordinal);

    private static Block[] Blocks(string id, string section)
    {
        var page = File.ReadAllText(Path.Combine(Folder(), id + ".md")).ReplaceLineEndings("\n");
        var text = page.Split($"\n## {section}\n")[1].Split("\n## ")[0];
        Block[] blocks = [.. Fence().Matches(text).Select(
            static match => new Block(match.Groups["code"].Value, match.Groups["language"].Value == "json"))];
        blocks.ShouldNotBeEmpty();
        return blocks;
    }

    private static string Show(IEnumerable<Diagnostic> found) => string.Join("\n", found.Select(Sources.Describe));

    private static string Folder() => Path.Combine(Repository.Root, "docs/diagnostics");

    [GeneratedRegex("```(?<language>csharp|json)\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    private sealed record Block(string Text, bool IsJson);
}
