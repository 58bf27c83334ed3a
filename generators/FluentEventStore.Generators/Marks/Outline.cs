using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Marks;

/// <summary>
/// What a file declares, without what methods do. It is made once per file, and again when the file is edited, so two are the same only if
/// they are one object.
/// </summary>
internal sealed class Outline
{
    private Outline(SyntaxTree tree, ulong hash, ulong typesHash, IReadOnlyList<MarkedNode> marked, IReadOnlyList<string> aliases)
    {
        Tree = tree;
        Hash = hash;
        TypesHash = typesHash;
        Marked = marked;
        Aliases = aliases;
    }

    public SyntaxTree Tree { get; }

    /// <summary>The same before and after an edit that only concerns comments, blanks or bodies of methods.</summary>
    public ulong Hash { get; }

    /// <summary>
    /// The same before and after an edit that only concerns members of types, except attributes, constants and enums. It stands for what
    /// names in other files mean.
    /// </summary>
    public ulong TypesHash { get; }

    /// <summary>The declarations that have attributes.</summary>
    public IReadOnlyList<MarkedNode> Marked { get; }

    /// <summary>The names that the file gives to types; one of them may stand for an attribute, in other files too.</summary>
    public IReadOnlyList<string> Aliases { get; }

    public static Outline Of(SyntaxTree tree, CancellationToken cancellationToken)
    {
        var root = tree.GetRoot(cancellationToken);
        var hash = OutlineHash.Of(Parts(root));
        var typesHash = OutlineHash.Of(TypeParts(root));
        cancellationToken.ThrowIfCancellationRequested();
        var marked = root.DescendantNodesAndSelf(static node => node is not ExpressionSyntax)
            .Select(static node => new MarkedNode(node, NamesOf(AttributesOf(node))))
            .Where(static node => node.Names.Count > 0)
            .ToArray();
        var aliases = root.DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<UsingDirectiveSyntax>()
            .Where(static directive => directive.Alias is not null)
            .Select(static directive => directive.Alias!.Name.Identifier.ValueText)
            .ToArray();
        return new Outline(tree, hash, typesHash, marked, aliases);
    }

    /// <summary>The nodes and tokens that the outline consists of, in order.</summary>
    public static IEnumerable<SyntaxNodeOrToken> Parts(SyntaxNode root) => root.DescendantNodesAndTokens(static node => !IsBody(node));

    private static IEnumerable<SyntaxNodeOrToken> TypeParts(SyntaxNode root)
    {
        foreach (var part in root.DescendantNodesAndTokens(static node => !IsBody(node) && !IsMember(node)))
        {
            if (part.AsNode() is not MemberDeclarationSyntax member || !IsMember(member))
                yield return part;
            else
                foreach (var token in member.AttributeLists.SelectMany(static list => list.DescendantTokens()))
                    yield return token;
        }
    }

    // A constant of any type may be the argument of an attribute in another file. The first statement outside of types declares one.
    private static bool IsMember(SyntaxNode node) => !node.ContainsDirectives && node switch
    {
        BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax or EventFieldDeclarationSyntax or IncompleteMemberSyntax => true,
        FieldDeclarationSyntax field => !field.Modifiers.Any(SyntaxKind.ConstKeyword),
        GlobalStatementSyntax { Parent: CompilationUnitSyntax file } statement =>
            file.Members.First(static member => member is GlobalStatementSyntax) != statement,
        _ => false,
    };

    // The body of a property counts: 'field' in it makes a property that can be set. What a directive switches may reach beyond the body.
    private static bool IsBody(SyntaxNode node) => !node.ContainsDirectives && node switch
    {
        BlockSyntax or ArrowExpressionClauseSyntax => node.Parent is BaseMethodDeclarationSyntax,
        GlobalStatementSyntax => true,
        _ => false,
    };

    private static SyntaxList<AttributeListSyntax> AttributesOf(SyntaxNode node) => node switch
    {
        CompilationUnitSyntax file => file.AttributeLists,
        TypeDeclarationSyntax type => type.AttributeLists,
        MethodDeclarationSyntax method => method.AttributeLists,
        LocalFunctionStatementSyntax function => function.AttributeLists,
        _ => default,
    };

    private static IReadOnlyList<string> NamesOf(SyntaxList<AttributeListSyntax> lists) => lists.Count == 0
        ? []
        : [.. lists.SelectMany(static list => list.Attributes).Select(static attribute => Simple(attribute.Name))];

    private static string Simple(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
