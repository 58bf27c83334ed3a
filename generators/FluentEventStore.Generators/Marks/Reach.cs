using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Marks;

/// <summary>
/// Finds the files that a model can depend on by more than the names of their types. These files declare a marked type, or one that a
/// marked type consists of, however far away. The result may be too much, but never too little.
/// </summary>
internal sealed class Reach
{
    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly HashSet<SyntaxTree> _files = [];

    // Types lead to each other through a whole program; a call for each step would use up the stack.
    private readonly Queue<ITypeSymbol?> _types = new();

    public static HashSet<SyntaxTree> Of(IEnumerable<Outline> files, Compilation compilation, CancellationToken cancellationToken)
    {
        var reach = new Reach();
        foreach (var file in files.Where(static file => file.Marked.Count > 0))
        {
            var model = compilation.GetSemanticModel(file.Tree);
            foreach (var node in file.Marked)
            {
                if (Mark.SymbolOf(node.Node, model, cancellationToken) is { } symbol && symbol.GetAttributes().Any(IsOfLibrary))
                    reach.Begin(file.Tree, symbol);
            }
        }

        while (reach._types.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            reach.Visit(reach._types.Dequeue());
        }

        return reach._files;
    }

    private static bool IsOfLibrary(AttributeData attribute) => attribute.AttributeClass?.ContainingAssembly?.Name == KnownTypes.Library;

    private void Begin(SyntaxTree file, ISymbol symbol)
    {
        _files.Add(file);
        VisitMember(symbol);
        _types.Enqueue(symbol as ITypeSymbol ?? symbol.ContainingType);
    }

    private void Visit(ITypeSymbol? type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                _types.Enqueue(array.ElementType);
                break;

            case ITypeParameterSymbol parameter:
                if (_seen.Add(parameter))
                    Add(parameter.ConstraintTypes);

                break;

            case INamedTypeSymbol named:
                Add(named.TypeArguments);
                _types.Enqueue(named.ContainingType);
                if (_seen.Add(named.OriginalDefinition) && !named.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
                    VisitDeclared(named.OriginalDefinition);

                break;
        }
    }

    private void VisitDeclared(INamedTypeSymbol type)
    {
        _files.UnionWith(type.DeclaringSyntaxReferences.Select(static reference => reference.SyntaxTree));
        _types.Enqueue(type.BaseType);
        Add(type.Interfaces);
        VisitMember(type);
        foreach (var member in type.GetMembers())
        {
            VisitMember(member);
        }
    }

    private void VisitMember(ISymbol member)
    {
        foreach (var attribute in member.GetAttributes())
        {
            _types.Enqueue(attribute.AttributeClass);
            foreach (var argument in attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(static named => named.Value)))
            {
                VisitArgument(argument);
            }
        }

        switch (member)
        {
            case IFieldSymbol field:
                _types.Enqueue(field.Type);
                break;

            case IPropertySymbol property:
                _types.Enqueue(property.Type);
                break;

            case IMethodSymbol method:
                _types.Enqueue(method.ReturnType);
                Add(method.TypeParameters);
                foreach (var parameter in method.Parameters)
                {
                    _types.Enqueue(parameter.Type);
                    VisitMember(parameter);
                }

                break;
        }
    }

    private void VisitArgument(TypedConstant argument)
    {
        if (argument.Kind == TypedConstantKind.Type)
            _types.Enqueue(argument.Value as ITypeSymbol);
        else if (argument.Kind == TypedConstantKind.Array && !argument.IsNull)
            argument.Values.ToList().ForEach(VisitArgument);
    }

    private void Add(IEnumerable<ITypeSymbol> types)
    {
        foreach (var type in types)
        {
            _types.Enqueue(type);
        }
    }
}
