using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Operations;

namespace FluentEventStore.Tests.Architecture;

/// <summary>A project that uses the built library, compiled in the version of the language that it is written in.</summary>
internal sealed class Consumer
{
    private readonly CSharpCompilation _compilation;

    private Consumer(LanguageVersion language, IEnumerable<(string Path, string Text)> files)
    {
        var parsing = new CSharpParseOptions(language);
        _compilation = CSharpCompilation.Create(
            "Consumer",
            files.Select(file => CSharpSyntaxTree.ParseText(file.Text, parsing, file.Path)),
            Sources.References(static _ => true),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
    }

    /// <summary>What is wrong with the project. If anything is, calls are missing.</summary>
    public IEnumerable<string> Faults => _compilation.GetDiagnostics()
        .Where(static fault => fault.Severity == DiagnosticSeverity.Error)
        .Select(static fault => fault.ToString());

    /// <summary>The members that it calls with any number of things, one by one.</summary>
    public IEnumerable<string> Calls =>
        from tree in _compilation.SyntaxTrees
        let model = _compilation.GetSemanticModel(tree)
        from node in tree.GetRoot().DescendantNodes()
        from argument in ArgumentsOf(model.GetOperation(node))
        where argument.ArgumentKind is ArgumentKind.ParamArray or ArgumentKind.ParamCollection
        select NameOf(argument.Parameter!.ContainingSymbol.OriginalDefinition);

    /// <summary>The public members of the library that take any number of things, each with what it takes them as.</summary>
    public IEnumerable<(string Member, ITypeSymbol TakenAs)> Taking =>
        from type in TypesIn(Library.GlobalNamespace)
        where type.DeclaredAccessibility == Accessibility.Public
            && type.ContainingNamespace.ToDisplayString() is "FluentEventStore" or "FluentEventStore.Testing"
        from member in type.GetMembers()
        where member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal
        from parameter in ParametersOf(member)
        where parameter.IsParams
        select (NameOf(member), parameter.Type);

    private IAssemblySymbol Library => _compilation.GetTypeByMetadataName(typeof(EventStore).FullName!)!.ContainingAssembly;

    public static Consumer OfProject(LanguageVersion language, string folder) =>
        new(language, Repository.Files(folder, ".cs").Select(static path => (path, Repository.Read(path))));

    public static Consumer Of(LanguageVersion language, string text) => new(language, [("Consumer.cs", text)]);

    private static ImmutableArray<IArgumentOperation> ArgumentsOf(IOperation? operation) => operation switch
    {
        IInvocationOperation call => call.Arguments,
        IObjectCreationOperation creation => creation.Arguments,
        IPropertyReferenceOperation property => property.Arguments,
        _ => [],
    };

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol outer) => outer.GetMembers()
        .OfType<INamespaceOrTypeSymbol>()
        .SelectMany(static member => TypesIn(member).Concat(member is INamedTypeSymbol type ? [type] : []));

    private static ImmutableArray<IParameterSymbol> ParametersOf(ISymbol member) => member switch
    {
        IMethodSymbol { AssociatedSymbol: null } method => method.Parameters,
        IPropertySymbol property => property.Parameters,
        _ => [],
    };

    private static string NameOf(ISymbol member) => member.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
}
