using FluentEventStore.Generators.Codecs;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Composes the codec of a type from those of the library and generated ones, which it asks its owner for.</summary>
/// <param name="compilation">The compilation that the generated code belongs to.</param>
/// <param name="form">Which form of JSON the codec is for.</param>
/// <param name="demand">
/// Notes that the codec of a record, class, struct, enum or typed id has to be generated, and which member asks for it.
/// </param>
/// <param name="numbers">How numbers are handled.</param>
internal sealed class CodecResolver(
    Compilation compilation, JsonForm form, Action<INamedTypeSymbol, ISymbol?> demand, int numbers = NumberHandling.Strict)
{
    private ISymbol? _asking;
    private Dictionary<ITypeSymbol, INamedTypeSymbol>? _converters;

    /// <summary>The codec of a type.</summary>
    /// <param name="type">The type of a member or item.</param>
    /// <param name="fault">Why there is none.</param>
    public Codec? Resolve(ITypeSymbol type, out string fault)
    {
        var value = ValueOf(type);
        return ResolveValue(value, out fault) is { } codec ? Around(type, value, codec) : null;
    }

    /// <summary>The codec of a property or field: that of its type, or what calls the converter that it is marked with.</summary>
    /// <param name="member">The property or field.</param>
    /// <param name="type">Its type.</param>
    /// <param name="holder">The type that has it, or inherits it.</param>
    /// <param name="fault">Why there is none.</param>
    public Codec? Resolve(ISymbol member, ITypeSymbol type, INamedTypeSymbol holder, out string fault)
    {
        _asking = member;
        var value = ValueOf(type);
        var converter = ConverterParser.Find(member, value, compilation, out fault);
        if (fault.Length > 0)
            return null;

        if (ConverterParser.WritesNumbers(member, value))
            return Around(type, value, NumbersOf((INamedTypeSymbol)value));

        return converter is null ? ResolveNumbers(member, type, holder, out fault) : Around(type, value, CodecOf(value, converter));
    }

    private Codec? ResolveNumbers(ISymbol member, ITypeSymbol type, INamedTypeSymbol holder, out string fault)
    {
        var ofMember = NumberHandling.Of(member);
        var asked = ofMember ?? NumberHandling.Of(holder) ?? NumberHandling.Strict;
        if (asked == NumberHandling.Strict)
            return Resolve(type, out fault);

        var codec = new CodecResolver(compilation, form, demand, asked) { _asking = member }.Resolve(type, out fault);
        if (ofMember is null || codec is null || codec != Resolve(type, out _))
            return codec;

        fault = "[JsonNumberHandling] says how numbers are written, but it holds no numbers";
        return null;
    }

    private static ITypeSymbol ValueOf(ITypeSymbol type) => type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T
        ? ((INamedTypeSymbol)type).TypeArguments[0]
        : type;

    /// <summary>The codec of its value, within one that takes null if the type does.</summary>
    private static Codec Around(ITypeSymbol type, ITypeSymbol value, Codec codec) =>
        !SymbolEqualityComparer.Default.Equals(value, type) ? new NullableCodec(NullableKind.Nullable, value.Full(), codec)
        : type.IsOptional() ? new NullableCodec(NullableKind.Optional, type.Bare(), codec)
        : codec;

    /// <summary>The codec of the value that a typed id wraps, which is written as it is anywhere.</summary>
    public Codec Wrapped(ITypeSymbol value) => (Codec?)OfAssembly(value) ?? new LeafCodec(Leaf.Find(value, form)!);

    /// <summary>The codec of a type of keys; <see langword="null"/> if the library has none.</summary>
    public KeyCodec? KeyOf(ITypeSymbol type) => Leaf.Find(type, form) is { KeyCodec: not null } leaf ? new KeyCodec(leaf) : null;

    /// <summary>The name of the codec generated for a type.</summary>
    public string CodecName(INamedTypeSymbol type)
    {
        // Enums and typed ids have one form only.
        var suffix = form == JsonForm.Document && IsObject(type) ? "Document" : "Json";
        return type.Mangle() + suffix;
    }

    private static bool IsObject(INamedTypeSymbol type) => type.TypeKind != TypeKind.Enum && !type.Has(KnownTypes.StreamIdAttribute);

    private Codec? ResolveValue(ITypeSymbol type, out string fault)
    {
        fault = "";
        if (OfAssembly(type) is { } ofAssembly)
            return ofAssembly;

        if (Leaf.Find(type, form) is { } leaf)
            return NumberHandling.Apply(numbers, type, leaf);

        if (type is IArrayTypeSymbol array)
            return ResolveArray(array, out fault);

        if (type is not INamedTypeSymbol named || type.TypeKind is TypeKind.Delegate or TypeKind.Dynamic or TypeKind.Pointer)
        {
            fault = "it has no form in JSON";
            return null;
        }

        var metadataName = type.MetadataName();
        return ResolveCollection(named, metadataName, out fault)
            ?? (fault.Length > 0 ? null : ResolveGenerated(named, metadataName, out fault));
    }

    private ConverterCodec? OfAssembly(ITypeSymbol type) =>
        (_converters ??= ConverterParser.OfAssembly(compilation)).TryGetValue(type, out var converter)
        && !type.Has(Attributes.JsonConverter) && type.FirstOwnConverter() is null
            ? CodecOf(type, converter)
            : null;

    private SequenceCodec? ResolveArray(IArrayTypeSymbol array, out string fault)
    {
        if (array.Rank == 1)
            return Sequence("Array", null, array.ElementType, out fault);

        fault = "an array of several dimensions has no form in JSON; use an array of arrays";
        return null;
    }

    private Codec? ResolveCollection(INamedTypeSymbol type, string metadataName, out string fault)
    {
        fault = "";
        switch (metadataName)
        {
            case "System.Collections.Generic.List`1":
                return Sequence("List", null, type.TypeArguments[0], out fault);

            case "System.Collections.Immutable.ImmutableArray`1":
                return Sequence("ImmutableArray", null, type.TypeArguments[0], out fault);

            case "System.Collections.Generic.IEnumerable`1":
            case "System.Collections.Generic.ICollection`1":
            case "System.Collections.Generic.IList`1":
            case "System.Collections.Generic.IReadOnlyCollection`1":
            case "System.Collections.Generic.IReadOnlyList`1":
                return Sequence("List", type.Bare(), type.TypeArguments[0], out fault);

            case "System.Collections.Generic.Dictionary`2":
            case "System.Collections.Generic.IDictionary`2":
            case "System.Collections.Generic.IReadOnlyDictionary`2":
                return Map("Dictionary", type, type.TypeArguments[0], type.TypeArguments[1], out fault);

            // Of these, only sets have names that end so.
            case var other when KnownCollections.Sequences.Contains(other):
                var isSet = type.Name.EndsWith("Set", StringComparison.Ordinal);
                return Sequence("Collection", type.Bare(), type.TypeArguments[0], out fault, isSet, type.Name);

            case var other when KnownCollections.Maps.Contains(other):
                return Map("Dictionary", type, type.TypeArguments[0], type.TypeArguments[1], out fault, type.Name);

            default:
                return null;
        }
    }

    private Codec? ResolveOwn(INamedTypeSymbol type, OwnCollection collection, out string fault) => collection switch
    {
        { Key: { } key } => Map("OwnDictionary", type, key, collection.Item, out fault),
        { IsSet: true } => Sequence("OwnSet", type.Bare(), collection.Item, out fault, isSet: true),
        _ => Sequence("OwnCollection", type.Bare(), collection.Item, out fault),
    };

    private SequenceCodec? Sequence(
        string kind, string? typeName, ITypeSymbol item, out string fault, bool isSet = false, string? factory = null) =>
        Resolve(item, out fault) is { } codec ? new SequenceCodec(kind, typeName, item.Full(), codec, isSet, factory) : null;

    private MapCodec? Map(string kind, INamedTypeSymbol type, ITypeSymbol key, ITypeSymbol item, out string fault, string? factory = null)
    {
        fault = "the keys of a dictionary must be string, Guid, int or another integer, an enum or a typed id";
        var keys = (Codec?)KeyOf(key) ?? (key is INamedTypeSymbol named && !IsObject(named) ? Demand(named) : null);
        return keys is not null && Resolve(item, out fault) is { } items
            ? new MapCodec(kind, type.Bare(), key.Bare(), item.Full(), keys, items, factory)
            : null;
    }

    private GeneratedCodec Demand(INamedTypeSymbol type)
    {
        demand(type, _asking);
        var name = CodecName(type);
        return type.TypeKind == TypeKind.Enum ? new EnumCodec(name)
            : IdTypes.WrappedBy(type) is { } value ? new WrapperCodec(name, Wrapped(value.Type))
            : new ObjectCodec(name);
    }

    private EnumNumbersCodec NumbersOf(INamedTypeSymbol type)
    {
        var number = type.EnumUnderlyingType!;
        return new EnumNumbersCodec(Leaf.Find(number, form)!, type.Bare(), number.Bare(), EnumParser.NumbersOf(type));
    }

    private static ConverterCodec CodecOf(ITypeSymbol value, INamedTypeSymbol converter) => new(value.Bare(), converter.Bare());

    private Codec? ResolveGenerated(INamedTypeSymbol type, string metadataName, out string fault)
    {
        var converter = ConverterParser.Find(type, type, compilation, out fault);
        if (converter is not null)
            return CodecOf(type, converter);

        if (fault.Length > 0)
            return null;

        if (ConverterParser.WritesNumbers(type, type))
            return NumbersOf(type);

        if (OwnCollections.IsSequence(type) && !type.IsOfSystem())
        {
            if (OwnCollections.Find(type, compilation, out fault) is { } own)
                return ResolveOwn(type, own, out fault);

            if (fault.Length == 0 && !HiddenState.IsSeen(type, compilation))
                fault = OwnCollections.Refused;

            if (fault.Length > 0)
                return null;
        }

        fault = type switch
        {
            { TypeKind: TypeKind.Enum } => "",
            _ when PolymorphicParser.IsPolymorphic(type) => "",
            { SpecialType: SpecialType.System_Object } => "an object says nothing about its shape; declare a type for it",
            { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => "its size depends on the machine; use int or long",
            { IsTupleType: true } => "the names of a tuple's items are not kept; declare a record",
            { TypeKind: TypeKind.Interface } =>
                "the only supported interfaces are IEnumerable, ICollection, IList, ISet, IDictionary, their read-only and immutable "
                    + "variants, and those with [JsonDerivedType]",
            _ when metadataName.StartsWith("System.", StringComparison.Ordinal)
                || metadataName.StartsWith("Microsoft.", StringComparison.Ordinal) =>
                "this type of .NET is not supported",
            { TypeKind: not (TypeKind.Class or TypeKind.Struct) } => "it has no form in JSON",
            _ => "",
        };
        if (fault.Length > 0)
            return null;

        return Demand(type);
    }
}
