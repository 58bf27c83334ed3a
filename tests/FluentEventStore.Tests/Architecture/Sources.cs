using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Tests.Architecture;

/// <summary>
/// The sources of a project, and which of its types use which. They are compiled, not read from the assembly: there constants,
/// <c>nameof</c> and caught types are gone.
/// </summary>
internal sealed class Sources
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // The part of a partial method that a generator of .NET adds is missing.
    private const string PartWithoutBody = "CS8795";

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.CSharp14, DocumentationMode.None);

    private readonly CSharpCompilation _compilation;

    private Sources(IEnumerable<(string Path, string Text)> files, string? library = null)
    {
        _compilation = CSharpCompilation.Create(
            "Sources",
            [
                .. files.Select(static file => CSharpSyntaxTree.ParseText(file.Text, Parsing, file.Path)),
                CSharpSyntaxTree.ParseText(ImplicitUsings, Parsing)
            ],
            References(name => name == library || !name.StartsWith("FluentEventStore", StringComparison.Ordinal)),
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        Uses = [.. _compilation.SyntaxTrees.SelectMany(UsesOf).Distinct()];
        Files = _compilation.SyntaxTrees.SelectMany(
            static tree => Declarations(tree), (tree, type) => (Name: NameOf(Declared(type)), tree.FilePath))
            .DistinctBy(static type => type.Name)
            .ToDictionary(static type => type.Name, static type => type.FilePath, StringComparer.Ordinal);
    }

    /// <summary>What is wrong with the sources. If anything is, uses are missing.</summary>
    public IEnumerable<string> Faults => _compilation.GetDiagnostics()
        .Where(fault => fault.Severity == DiagnosticSeverity.Error && fault.Id != PartWithoutBody && !IsOfGeneratedJson(fault))
        .Select(static fault => fault.ToString());

    /// <summary>Each use of an outermost type by another one.</summary>
    public IReadOnlyList<TypeUse> Uses { get; }

    /// <summary>The file of each outermost type, by its metadata name.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>Reads a project. Its files are named from its folder on.</summary>
    public static Sources OfProject(string folder) => new(
        Repository.Files(folder, ".cs").Select(path => (path[(folder.Length + 1)..], Repository.Read(path))),
        folder.EndsWith(".AspNetCore", StringComparison.Ordinal) ? "FluentEventStore.dll" : null);

    public static Sources Of(params (string Path, string Text)[] files) => new(files);

    /// <summary>What this process is made of, as far as the names of the files fit.</summary>
    public static IEnumerable<MetadataReference> References(Func<string, bool> fits) =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => fits(Path.GetFileName(path)))
            .Select(static path => MetadataReference.CreateFromFile(path));

    // So is what the generator of System.Text.Json adds.
    private bool IsOfGeneratedJson(Diagnostic fault) =>
        _compilation.GetSymbolsWithName(static name => name.EndsWith("Json", StringComparison.Ordinal), SymbolFilter.Type)
            .OfType<INamedTypeSymbol>()
            .Any(type => type.BaseType?.Name == "JsonSerializerContext"
                && (fault.GetMessage(System.Globalization.CultureInfo.InvariantCulture).Contains(
                        $"'{type.Name}'", StringComparison.Ordinal)
                    || (fault.Id == "CS7036"
                        && fault.Location.SourceTree == type.DeclaringSyntaxReferences[0].SyntaxTree)));

    private static IEnumerable<MemberDeclarationSyntax> Declarations(SyntaxTree tree) => tree.GetRoot()
        .DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<MemberDeclarationSyntax>()
        .Where(static node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    private static string NameOf(INamedTypeSymbol type) => $"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}";

    private INamedTypeSymbol Declared(MemberDeclarationSyntax type) =>
        (INamedTypeSymbol)_compilation.GetSemanticModel(type.SyntaxTree).GetDeclaredSymbol(type)!;

    private IEnumerable<TypeUse> UsesOf(SyntaxTree tree)
    {
        var model = _compilation.GetSemanticModel(tree);
        foreach (var declaration in Declarations(tree))
        {
            var user = Declared(declaration);
            var used = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
            foreach (var node in declaration.DescendantNodes())
                Add(used, model, node);

            used.Remove(user);
            foreach (var type in used)
                yield return new TypeUse(
                    user.MetadataName, tree.FilePath, type.MetadataName, type.DeclaringSyntaxReferences[0].SyntaxTree.FilePath);
        }
    }

    private static void Add(HashSet<INamedTypeSymbol> used, SemanticModel model, SyntaxNode node)
    {
        if (node is ExpressionSyntax or AttributeSyntax or ConstructorInitializerSyntax)
            Add(used, model.GetSymbolInfo(node).Symbol);

        if (node is ExpressionSyntax expression)
        {
            var type = model.GetTypeInfo(expression);
            Add(used, type.Type);
            Add(used, type.ConvertedType);
        }
    }

    private static void Add(HashSet<INamedTypeSymbol> used, ISymbol? symbol)
    {
        switch (symbol)
        {
            case IArrayTypeSymbol array:
                Add(used, array.ElementType);
                break;
            case INamedTypeSymbol type:
                AddNamed(used, type);
                break;
            case IMethodSymbol method:
                Add(used, (method.ReducedFrom ?? method).ContainingType);
                Add(used, method.ReturnType);
                foreach (var part in method.Parameters.Select(static parameter => parameter.Type).Concat(method.TypeArguments))
                    Add(used, part);

                break;
            case IFieldSymbol or IPropertySymbol or IEventSymbol:
                Add(used, symbol.ContainingType);
                break;
        }
    }

    private static void AddNamed(HashSet<INamedTypeSymbol> used, INamedTypeSymbol type)
    {
        foreach (var argument in type.TypeArguments)
            Add(used, argument);

        if (type.ContainingType is { } outer)
            AddNamed(used, outer);
        else if (type.OriginalDefinition is { DeclaringSyntaxReferences.IsEmpty: false } definition)
            used.Add(definition);
    }
}
