using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Upcasters;

/// <summary>Makes the model of a method marked as an upcaster.</summary>
internal static class UpcasterParser
{
    public static Parsed<UpcasterModel> Parse(Mark match)
    {
        var method = (IMethodSymbol)match.TargetSymbol;
        var compilation = match.SemanticModel.Compilation;
        var location = method.Locations[0];
        var findings = new Findings(compilation, location);
        var attribute = match.Attributes[0];
        if ((FaultOfMethod(method, compilation) ?? FaultOfSource(method, attribute)) is { } fault)
        {
            findings.Add(Rules.InvalidUpcaster, method, method.ForMessage(), fault);
            return new Parsed<UpcasterModel>(null, findings.All, location);
        }

        var source = method.Parameters[0].Type;
        var (name, version) = attribute.Text() is { } text
            ? (text, attribute.Named("Version", 1))
            : EventParser.NameOf((INamedTypeSymbol)source);
        if (attribute.Text() is not null)
            EventParser.CheckName(name, version, method, "the event of", findings);

        if (findings.Any)
            return new Parsed<UpcasterModel>(null, findings.All, location);

        var target = (INamedTypeSymbol)method.ReturnType;
        var (newName, newVersion) = EventParser.NameOf(target);
        var model = new UpcasterModel(
            $"{method.ContainingType.Bare()}.{TypeNames.Escape(method.Name)}",
            method.Parameters.Length > 1,
            name,
            version,
            IsJson(source) ? null : source.Bare(),
            newName,
            newVersion,
            target.Bare(),
            target.Erased());
        return new Parsed<UpcasterModel>(model, findings.All, location);
    }

    private static string? FaultOfMethod(IMethodSymbol method, Compilation compilation) => method switch
    {
        { MethodKind: not MethodKind.Ordinary } => "it is not a method of a class",
        { IsStatic: false } => "it must be static",
        { IsGenericMethod: true } => "it is generic",
        { IsAsync: true } => "it is asynchronous",
        _ when method.IsForbidden() || method.ContainingType.NamesForbidden() =>
            "it, or a type around it, is obsolete as an error, so generated code cannot call it; make it a warning",
        _ when method.Parameters.Select(static parameter => parameter.Type)
            .Append(method.ReturnType)
            .FirstOrDefault(type => Nameable.FaultOf(type, compilation) is not null) is { } type =>
            $"'{type.ForMessage()}' {Nameable.FaultOf(type, compilation)}",
        _ when IsGeneric(method.ContainingType) => "a type around it is generic",
        _ when IsFileLocal(method.ContainingType) => "its type is local to its file, so generated code cannot name it",
        _ when !compilation.IsSymbolAccessibleWithin(method, compilation.Assembly) =>
            "it, or a type around it, is private or protected, so generated code cannot call it",
        _ when method.Parameters.FirstOrDefault(
            static parameter => parameter.RefKind is not (RefKind.None or RefKind.In)) is { } parameter =>
            $"the parameter '{parameter.Name}' is passed by reference",
        { Parameters.Length: not (1 or 2) } => "it must take the old shape, and may take EventMetadata",
        { Parameters.Length: 2 } when method.Parameters[1].Type.MetadataName() != KnownTypes.EventMetadata =>
            $"its second parameter must be EventMetadata, not '{method.Parameters[1].Type.ForMessage()}'",
        { ReturnsByRef: true } or { ReturnsByRefReadonly: true } => "it returns by reference",
        _ when !method.ReturnType.Has(KnownTypes.EventAttribute) =>
            $"it returns '{method.ReturnType.ForMessage()}', which is not marked with [Event]",
        { ReturnType: { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated } } => "it may return null",
        _ => null,
    };

    private static string? FaultOfSource(IMethodSymbol method, AttributeData attribute)
    {
        var source = method.Parameters[0].Type;
        var isNamed = attribute.ConstructorArguments is [{ IsNull: false }, ..];
        return (IsJson(source), isNamed) switch
        {
            (true, false) => "JSON does not say which event it is of: name it, as in [Upcaster(\"name\", Version = 1)]",
            (true, true) => null,
            _ when !source.Has(KnownTypes.EventAttribute) =>
                $"it takes '{source.ForMessage()}', which is neither marked with [Event] nor a JsonElement",
            (false, true) => $"'{source.ForMessage()}' says itself which event it is; only a JsonElement is named in [Upcaster]",
            _ when attribute.NamedArguments.Length > 0 =>
                $"'{source.ForMessage()}' says itself which version it is; only that of a JsonElement is set in [Upcaster]",
            _ => null,
        };
    }

    private static bool IsJson(ITypeSymbol type) => type.MetadataName() == "System.Text.Json.JsonElement";

    private static bool IsGeneric(INamedTypeSymbol type) => type.IsGenericType || (type.ContainingType is { } outer && IsGeneric(outer));

    private static bool IsFileLocal(INamedTypeSymbol type) => type.IsFileLocal || (type.ContainingType is { } outer && IsFileLocal(outer));
}
