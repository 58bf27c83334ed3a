using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

/// <summary>Assemblies that share a file, and assemblies that are known by an alias only.</summary>
public sealed class SeveralAssembliesTests
{
    private const string Linked =
        """namespace Shop; [Event("placed")] public sealed record Placed(int A); """
            + """[Document("order")] public sealed record Order(Guid Id);""";
    private const string Twice = "is declared by both 'Shop.Placed of Contracts' and 'Shop.Placed of App'";

    [Fact]
    public void A_file_that_two_projects_share_is_a_clash_where_one_sees_the_other()
    {
        var found = Sources.Run(Sources.Parse(Linked, "App", references: [Image(Linked, "Contracts")]), out _).Diagnostics;
        found.Select(static diagnostic => diagnostic.Id).ShouldBe(["FES0003", "FES0003"]);
        found.Select(Sources.Describe).ShouldContain(described => described.Contains(Twice));
        found.ShouldAllBe(static diagnostic => diagnostic.Location.IsInSource);
    }

    [Fact]
    public void A_file_that_two_projects_share_is_a_clash_where_a_third_project_sees_both() =>
        Sources.Run(
            Sources.Parse("public sealed class Nothing;", "Program", references: [Image(Linked, "Contracts"), Image(Linked, "App")]),
            out _).Diagnostics
            .Select(static diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture))
            .ShouldContain(message => message.Contains(Twice));

    [Fact]
    public void A_closed_type_that_two_assemblies_name_is_one_type()
    {
        var definition = Image("namespace Shop; [Event(\"box\")] public sealed record Box<T>(T Value);", "Definition");
        const string Closing = "[assembly: ClosedEvent(typeof(Shop.Box<int>))]";
        var first = Sources.Parse(Closing, "First", references: [definition]);
        Sources.Generate(first, out var compiled);
        Sources.Generate(
            Sources.Parse(Closing, "App", references: [definition, MetadataReference.CreateFromImage(LoadedCase.Emit(compiled))]), out _);
    }

    [Fact]
    public void The_catalog_of_an_assembly_that_has_only_an_alias_is_called_by_the_alias()
    {
        var library = Image(Linked, "Contracts").WithAliases(["contracts", "other"]);
        var result = Sources.Generate(
            Sources.Parse("""[Event("moved")] public sealed record Moved(int A);""", "App", references: [library]), out _);
        result.GeneratedSources.Single(static source => source.HintName == "AppCatalog.g.cs").SourceText
            .ToString()
            .ShouldContain("contracts::FluentEventStore.Generated.ContractsCatalog.Register();");
    }

    [Theory]
    [InlineData("[Event(\"held\")] public sealed record Held(contracts::Shop.Placed Inner);", "FES0004")]
    [InlineData("[Aggregate] public sealed partial class Seen { public void Apply(contracts::Shop.Placed e) { } }", "FES0014")]
    [InlineData(
        "public static class Up { [Upcaster(\"old\")] public static contracts::Shop.Placed From(System.Text.Json.JsonElement old) => "
            + "new(1); }",
        "FES0017")]
    public void A_type_of_such_an_assembly_is_an_error_where_generated_code_has_to_name_it(string source, string id)
    {
        var library = Image(Linked, "Contracts").WithAliases(["contracts"]);
        var found = Sources.Run(Sources.Parse("extern alias contracts;\n" + source, "App", references: [library]), out _).Diagnostics;
        Sources.Describe(found.ShouldHaveSingleItem()).ShouldContain(
            "belongs to an assembly that is referenced by the alias 'contracts' only");
        found[0].Id.ShouldBe(id);
    }

    private static PortableExecutableReference Image(string source, string name)
    {
        Sources.Generate(Sources.Parse(source, name), out var compiled);
        return MetadataReference.CreateFromImage(LoadedCase.Emit(compiled));
    }
}
