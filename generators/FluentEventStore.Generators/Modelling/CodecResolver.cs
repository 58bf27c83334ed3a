using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Modelling;

/// <summary>Composes the codec of a type from those of the library and those that are generated; the latter it asks its owner for.</summary>
/// <param name="form">Which form of JSON the codec is for.</param>
/// <param name="demand">Notes that the codec of a record, class, struct, enum or typed id has to be generated.</param>
internal sealed class CodecResolver(JsonForm form, Action<INamedTypeSymbol> demand)
{
    private const string Library = "global::FluentEventStore.Serialization.";
    private const string Generated = "global::FluentEventStore.Generated.";

    private static readonly Dictionary<string, string> Leaves = new(StringComparer.Ordinal)
    {
        ["System.Boolean"] = "BooleanCodec",
        ["System.Byte"] = "ByteCodec",
        ["System.SByte"] = "SByteCodec",
        ["System.Int16"] = "Int16Codec",
        ["System.UInt16"] = "UInt16Codec",
        ["System.Int32"] = "Int32Codec",
        ["System.UInt32"] = "UInt32Codec",
        ["System.Int64"] = "Int64Codec",
        ["System.UInt64"] = "UInt64Codec",
        ["System.Single"] = "SingleCodec",
        ["System.Double"] = "DoubleCodec",
        ["System.Decimal"] = "DecimalCodec",
        ["System.Char"] = "CharCodec",
        ["System.String"] = "StringCodec",
        ["System.Guid"] = "GuidCodec",
        ["System.DateTime"] = "DateTimeCodec",
        ["System.DateOnly"] = "DateOnlyCodec",
        ["System.TimeOnly"] = "TimeOnlyCodec",
        ["System.TimeSpan"] = "TimeSpanCodec",
        ["System.Uri"] = "UriCodec",
        [KnownTypes.StreamId] = "StreamIdCodec",
    };

    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["System.String"] = "StringKeyCodec",
        ["System.Guid"] = "GuidKeyCodec",
        ["System.Int32"] = "Int32KeyCodec",
        ["System.Int64"] = "Int64KeyCodec",
    };

    /// <summary>The codec of a type.</summary>
    /// <param name="type">The type of a member or item.</param>
    /// <param name="fault">Why there is none.</param>
    public string? Resolve(ITypeSymbol type, out string fault)
    {
        fault = "";
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            return Compose("NullableCodec", [nullable.TypeArguments[0]], nullable.TypeArguments[0], out fault);

        if (!type.IsOptional())
            return ResolveValue(type, out fault);

        return ResolveValue(type, out fault) is { } codec ? $"{Library}OptionalCodec<{type.Bare()}, {codec}>" : null;
    }

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
        if (type is IArrayTypeSymbol array)
            return ResolveArray(array, out fault);

        if (type is not INamedTypeSymbol named || type.TypeKind is TypeKind.Delegate or TypeKind.Dynamic or TypeKind.Pointer)
        {
            fault = "it has no form in JSON";
            return null;
        }

        var metadataName = type.MetadataName();
        if (Leaves.TryGetValue(metadataName, out var leaf))
            return Library + leaf;

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
                return Compose("SequenceCodec", [Self(type), type.TypeArguments[0]], type.TypeArguments[0], out fault);

            case "System.Collections.Generic.HashSet`1":
            case "System.Collections.Generic.ISet`1":
            case "System.Collections.Generic.IReadOnlySet`1":
                return Compose("SetCodec", [Self(type), type.TypeArguments[0]], type.TypeArguments[0], out fault);

            case "System.Collections.Generic.Dictionary`2":
            case "System.Collections.Generic.IDictionary`2":
            case "System.Collections.Generic.IReadOnlyDictionary`2":
                return ResolveDictionary(type, out fault);

            default:
                return null;
        }
    }

    private string? ResolveDictionary(INamedTypeSymbol type, out string fault)
    {
        var (key, value) = (type.TypeArguments[0], type.TypeArguments[1]);
        string keyCodec;
        if (Keys.TryGetValue(key.MetadataName(), out var known))
        {
            keyCodec = Library + known;
        }
        else if (key is INamedTypeSymbol { TypeKind: TypeKind.Enum } keyEnum)
        {
            demand(keyEnum);
            keyCodec = Generated + CodecName(keyEnum);
        }
        else
        {
            fault = "a dictionary's keys are string, Guid, int, long or an enum";
            return null;
        }

        return Resolve(value, out fault) is { } valueCodec
            ? $"{Library}DictionaryCodec<{type.Bare()}, {key.Bare()}, {value.Full()}, {keyCodec}, {valueCodec}>"
            : null;
    }

    private string? ResolveGenerated(INamedTypeSymbol type, string metadataName, out string fault)
    {
        fault = type switch
        {
            { TypeKind: TypeKind.Enum } => "",
            { SpecialType: SpecialType.System_Object } => "an object says nothing about its shape; declare a type for it",
            { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => "its size depends on the machine; use int or long",
            { IsTupleType: true } => "the names of a tuple's items are not kept; declare a record",
            { TypeKind: TypeKind.Interface } =>
                "of interfaces only IEnumerable, ICollection, IList, ISet, IDictionary and their read-only kin are supported",
            _ when metadataName.StartsWith("System.", StringComparison.Ordinal) || metadataName.StartsWith("Microsoft.", StringComparison.Ordinal) =>
                "this type of .NET is not supported",
            { TypeKind: not (TypeKind.Class or TypeKind.Struct) } => "it has no form in JSON",
            _ => "",
        };
        if (fault.Length > 0)
            return null;

        demand(type);
        return Generated + CodecName(type);
    }

    private string? Compose(string codec, ITypeSymbol[] types, ITypeSymbol item, out string fault) =>
        Resolve(item, out fault) is { } itemCodec ? $"{Library}{codec}<{string.Join(", ", types.Select(static type => type.Full()))}, {itemCodec}>" : null;

    private static ITypeSymbol Self(ITypeSymbol type) => type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
}
