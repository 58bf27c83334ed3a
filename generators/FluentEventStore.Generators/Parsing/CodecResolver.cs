using FluentEventStore.Generators.Codecs;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Composes the codec of a type from those of the library and those that are generated; the latter it asks its owner for.</summary>
/// <param name="compilation">The compilation that the generated code belongs to.</param>
/// <param name="form">Which form of JSON the codec is for.</param>
/// <param name="demand">Notes that the codec of a record, class, struct, enum or typed id has to be generated, and which member asks for it.</param>
/// <param name="note">Notes that an enum is written by its numbers.</param>
/// <param name="numbers">The form of numbers.</param>
internal sealed class CodecResolver(
    Compilation compilation, JsonForm form, Action<INamedTypeSymbol, ISymbol?> demand, Action<INamedTypeSymbol> note, int numbers = NumberForm.Strict)
{
    /// <summary>The namespace of the generated codecs.</summary>
    public const string Generated = "global::FluentEventStore.Generated.";

    private const string Library = KnownCodecs.Library;
    private const string Converter = Library + "ConverterCodec<";

    private ISymbol? _asking;
    private Dictionary<ITypeSymbol, INamedTypeSymbol>? _converters;

    /// <summary>The codec of a type.</summary>
    /// <param name="type">The type of a member or item.</param>
    /// <param name="fault">Why there is none.</param>
    public string? Resolve(ITypeSymbol type, out string fault)
    {
        var value = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        return ResolveValue(value, out fault) is { } codec ? Around(type, value, codec) : null;
    }

    /// <summary>The codec of a property or field: that of its type, or what calls the converter that it is marked with.</summary>
    /// <param name="member">The property or field.</param>
    /// <param name="type">Its type.</param>
    /// <param name="holder">The type that has it, or inherits it.</param>
    /// <param name="fault">Why there is none.</param>
    public string? Resolve(ISymbol member, ITypeSymbol type, INamedTypeSymbol holder, out string fault)
    {
        _asking = member;
        var value = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        var converter = ConverterParser.Find(member, value, compilation, out fault);
        if (fault.Length > 0)
            return null;

        if (ConverterParser.WritesNumbers(member, value))
            return Around(type, value, NumbersOf((INamedTypeSymbol)value));

        return converter is null ? ResolveNumbers(member, type, holder, out fault) : Around(type, value, CodecOf(value, converter));
    }

    private string? ResolveNumbers(ISymbol member, ITypeSymbol type, INamedTypeSymbol holder, out string fault)
    {
        var ofMember = NumberForm.Of(member);
        var asked = ofMember ?? NumberForm.Of(holder) ?? NumberForm.Strict;
        if (asked == NumberForm.Strict)
            return Resolve(type, out fault);

        var codec = new CodecResolver(compilation, form, demand, note, asked) { _asking = member }.Resolve(type, out fault);
        if (ofMember is null || codec is null || codec != Resolve(type, out _))
            return codec;

        fault = "[JsonNumberHandling] says how numbers are written, and it holds none";
        return null;
    }

    /// <summary>What takes null too, where the type does, around the codec of its value.</summary>
    private static string Around(ITypeSymbol type, ITypeSymbol value, string codec)
    {
        if (!SymbolEqualityComparer.Default.Equals(value, type))
            return Around("Nullable", value.Full(), codec);

        return type.IsOptional() ? Around("Optional", type.Bare(), codec) : codec;
    }

    // A converter may want to be asked for null too.
    private static string Around(string kind, string type, string codec) => codec.StartsWith(Converter, StringComparison.Ordinal)
        ? $"{Library}{kind}{codec.Substring(Library.Length)}"
        : $"{Library}{kind}Codec<{type}, {codec}>";

    /// <summary>The codec of a type of keys; <see langword="null"/> where the library has none.</summary>
    public static string? KeyOf(ITypeSymbol type) => KnownCodecs.Keys.TryGetValue(type.MetadataName(), out var codec) ? Library + codec : null;

    /// <summary>The name of the codec generated for a type.</summary>
    public string CodecName(INamedTypeSymbol type)
    {
        // Enums and typed ids have one form only.
        var suffix = form == JsonForm.Document && IsObject(type) ? "Document" : "Json";
        return type.Mangle() + suffix;
    }

    private static bool IsObject(INamedTypeSymbol type) => type.TypeKind != TypeKind.Enum && !type.Has(KnownTypes.StreamIdAttribute);

    private string? ResolveValue(ITypeSymbol type, out string fault)
    {
        fault = "";
        if ((_converters ??= ConverterParser.OfAssembly(compilation)).TryGetValue(type, out var ofAssembly) && !type.Has(Attributes.JsonConverter) && type.FirstOwnConverter() is null)
            return CodecOf(type, ofAssembly);

        if (type is IArrayTypeSymbol array)
            return ResolveArray(array, out fault);

        if (type is not INamedTypeSymbol named || type.TypeKind is TypeKind.Delegate or TypeKind.Dynamic or TypeKind.Pointer)
        {
            fault = "it has no form in JSON";
            return null;
        }

        var metadataName = type.MetadataName();
        if (KnownCodecs.Leaves.TryGetValue(metadataName, out var leaf))
            return NumberForm.Apply(numbers, type, Library + leaf);

        if (metadataName == "System.DateTimeOffset")
            return Library + (form == JsonForm.Document ? "DateTimeOffsetUtcCodec" : "DateTimeOffsetCodec");

        return ResolveCollection(named, metadataName, out fault) ?? (fault.Length > 0 ? null : ResolveGenerated(named, metadataName, out fault));
    }

    private string? ResolveArray(IArrayTypeSymbol array, out string fault)
    {
        fault = "";
        if (array.Rank == 1)
        {
            return array.ElementType.SpecialType == SpecialType.System_Byte
                ? Library + "ByteArrayCodec"
                : Compose("ArrayCodec", [array.ElementType], array.ElementType, out fault);
        }

        fault = "an array of several dimensions has no form in JSON; use an array of arrays";
        return null;
    }

    private string? ResolveCollection(INamedTypeSymbol type, string metadataName, out string fault)
    {
        fault = "";
        switch (metadataName)
        {
            case "System.Collections.Generic.List`1":
                return Compose("ListCodec", [type.TypeArguments[0]], type.TypeArguments[0], out fault);

            case "System.Collections.Immutable.ImmutableArray`1":
                return Compose("ImmutableArrayCodec", [type.TypeArguments[0]], type.TypeArguments[0], out fault);

            case "System.Collections.Generic.IEnumerable`1":
            case "System.Collections.Generic.ICollection`1":
            case "System.Collections.Generic.IList`1":
            case "System.Collections.Generic.IReadOnlyCollection`1":
            case "System.Collections.Generic.IReadOnlyList`1":
                return Compose("ListCodec", [Self(type), type.TypeArguments[0]], type.TypeArguments[0], out fault);

            case "System.Collections.Generic.Dictionary`2":
            case "System.Collections.Generic.IDictionary`2":
            case "System.Collections.Generic.IReadOnlyDictionary`2":
                return ResolveDictionary(type, isPlain: true, out fault);

            case "System.Memory`1" when type.TypeArguments[0].SpecialType == SpecialType.System_Byte:
                return Library + "MemoryCodec";

            case "System.ReadOnlyMemory`1" when type.TypeArguments[0].SpecialType == SpecialType.System_Byte:
                return Library + "ReadOnlyMemoryCodec";

            case var other when KnownCodecs.Collections.Contains(other):
                return ResolveOther(type, out fault);

            case var other when KnownCodecs.Dictionaries.Contains(other):
                return ResolveDictionary(type, isPlain: false, out fault);

            default:
                return null;
        }
    }

    private string? ResolveOther(INamedTypeSymbol type, out string fault)
    {
        var item = type.TypeArguments[0];
        return Resolve(item, out fault) is { } itemCodec
            ? $"{Library}CollectionCodec<{type.Bare()}, {item.Full()}, {itemCodec}, {Library}CollectionFactories.{type.Name}<{item.Full()}>>"
            : null;
    }

    private string? ResolveDictionary(INamedTypeSymbol type, bool isPlain, out string fault)
    {
        var factory = isPlain ? "" : $", {Library}DictionaryFactories.{type.Name}<{type.TypeArguments[0].Bare()}, {type.TypeArguments[1].Full()}>";
        return ResolveDictionary("DictionaryCodec", type, type.TypeArguments[0], type.TypeArguments[1], factory, out fault);
    }

    private string? ResolveOwn(INamedTypeSymbol type, OwnCollection collection, out string fault)
    {
        if (collection.Key is { } key)
            return ResolveDictionary("OwnDictionaryCodec", type, key, collection.Item, "", out fault);

        return Compose(collection.IsSet ? "OwnSetCodec" : "OwnCollectionCodec", [Self(type), collection.Item], collection.Item, out fault);
    }

    private string? ResolveDictionary(string codec, INamedTypeSymbol type, ITypeSymbol key, ITypeSymbol value, string factory, out string fault)
    {
        string keyCodec;
        if (KeyOf(key) is { } known)
        {
            keyCodec = known;
        }
        else if (key is INamedTypeSymbol named && !IsObject(named))
        {
            demand(named, _asking);
            keyCodec = Generated + CodecName(named);
        }
        else
        {
            fault = "a dictionary's keys are string, Guid, int or another integer, an enum or a typed id";
            return null;
        }

        if (Resolve(value, out fault) is not { } valueCodec)
            return null;

        return $"{Library}{codec}<{type.Bare()}, {key.Bare()}, {value.Full()}, {keyCodec}, {valueCodec}{factory}>";
    }

    private string NumbersOf(INamedTypeSymbol type)
    {
        note(type);
        var number = type.EnumUnderlyingType!;
        return $"{Library}EnumNumberCodec<{type.Bare()}, {number.Bare()}, {Library}{KnownCodecs.Leaves[number.MetadataName()]}>";
    }

    private static string CodecOf(ITypeSymbol value, INamedTypeSymbol converter) => $"{Converter}{value.Bare()}, {converter.Bare()}>";

    private string? ResolveGenerated(INamedTypeSymbol type, string metadataName, out string fault)
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
                "of interfaces only IEnumerable, ICollection, IList, ISet, IDictionary, their read-only and immutable kin, and those with [JsonDerivedType] are supported",
            _ when metadataName.StartsWith("System.", StringComparison.Ordinal) || metadataName.StartsWith("Microsoft.", StringComparison.Ordinal) =>
                "this type of .NET is not supported",
            { TypeKind: not (TypeKind.Class or TypeKind.Struct) } => "it has no form in JSON",
            _ => "",
        };
        if (fault.Length > 0)
            return null;

        demand(type, _asking);
        return Generated + CodecName(type);
    }

    private string? Compose(string codec, ITypeSymbol[] types, ITypeSymbol item, out string fault) =>
        Resolve(item, out fault) is { } itemCodec ? $"{Library}{codec}<{string.Join(", ", types.Select(static type => type.Full()))}, {itemCodec}>" : null;

    private static ITypeSymbol Self(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
}
