using FluentEventStore.Generators.Contracts;
using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Tests.Contracts;

public sealed class ContractCachingTests
{
    private const string Source = """
        [Event] public sealed record Paid(int A);
        [Event] public sealed record Sold(int A);
        """;

    [Fact]
    public void An_edit_of_another_file_compares_nothing_again()
    {
        var result = Rerun(ContractCase.Update(Source), static compilation => compilation.AddSyntaxTrees(
            CSharpSyntaxTree.ParseText("public class Unrelated { }", (CSharpParseOptions)compilation.SyntaxTrees[0].Options)));
        foreach (var step in new[] { ContractGenerator.FileStep, ContractGenerator.EntryStep, ContractGenerator.DriftStep })
            Reasons(result, step).ShouldAllBe(
                static reason => reason == IncrementalStepRunReason.Cached || reason == IncrementalStepRunReason.Unchanged, step);
    }

    [Fact]
    public void An_edit_of_the_contract_compares_again_but_describes_no_event_again()
    {
        var contract = ContractCase.Update(Source);
        var result = Rerun(contract, newContract: contract.Replace("int32", "text"));
        Reasons(result, ContractGenerator.FileStep).ShouldBe([IncrementalStepRunReason.Modified]);
        Reasons(result, ContractGenerator.DriftStep).ShouldBe([IncrementalStepRunReason.Modified]);
        Reasons(result, ContractGenerator.EntryStep).ShouldAllBe(static reason => reason == IncrementalStepRunReason.Cached);
        ContractCase.Generated(result, "EventContractsDrift").ShouldNotBeNull();
    }

    [Fact]
    public void An_edit_of_one_event_describes_only_that_one_again()
    {
        var result = Rerun(ContractCase.Update(Source), static compilation =>
        {
            var tree = compilation.SyntaxTrees[1];
            return compilation.ReplaceSyntaxTree(
                tree, tree.WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From(Source.Replace("Sold(int A)", "Sold(long A)"))));
        });
        Reasons(result, ContractGenerator.EntryStep).Count(static reason => reason == IncrementalStepRunReason.Modified).ShouldBe(1);
        Reasons(result, ContractGenerator.DriftStep).ShouldBe([IncrementalStepRunReason.Modified]);
    }

    [Fact]
    public void Without_a_contract_no_event_is_described()
    {
        var compilation = Sources.Parse(Source);
        var result = ContractCase.Run(compilation, out _, isUpdate: false);
        result.TrackedSteps.ContainsKey(ContractGenerator.EntryStep).ShouldBeFalse();
    }

    private static GeneratorRunResult Rerun(
        string contract, Func<CSharpCompilation, CSharpCompilation>? edit = null, string? newContract = null)
    {
        var compilation = Sources.Parse(Source);
        var file = ContractCase.File(contract);
        var driver = ContractCase.Driver(compilation, isUpdate: false, file).RunGenerators(
            compilation, TestContext.Current.CancellationToken);
        if (newContract is not null)
            driver = driver.ReplaceAdditionalText(file, ContractCase.File(newContract));

        var edited = edit is null ? compilation : edit(compilation);
        return driver.RunGenerators(edited, TestContext.Current.CancellationToken).GetRunResult().Results.Single();
    }

    private static List<IncrementalStepRunReason> Reasons(GeneratorRunResult result, string step) =>
        [.. result.TrackedSteps[step].SelectMany(static run => run.Outputs).Select(static output => output.Reason)];
}
