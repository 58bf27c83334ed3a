using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Modelling;

/// <summary>Models a type and everything that it holds, down to the leaves.</summary>
internal sealed class ShapeParser
{
    private readonly Compilation _compilation;
    private readonly JsonForm _form;
    private readonly Findings _findings;
    private readonly CancellationToken _cancellationToken;
    private readonly CodecResolver _codecs;
    private readonly Queue<Demanded> _pending = new();
    private readonly HashSet<string> _demanded = new(StringComparer.Ordinal);
    private readonly List<Shape> _shapes = [];

    public ShapeParser(Compilation compilation, JsonForm form, Findings findings, CancellationToken cancellationToken)
    {
        _compilation = compilation;
        _form = form;
        _findings = findings;
        _cancellationToken = cancellationToken;
        _codecs = new CodecResolver(compilation, form, Demand);
    }

    /// <summary>Models the type; its own shape comes first, the others by name.</summary>
    /// <returns>The shapes. Where there are findings, they are not complete.</returns>
    public EquatableArray<Shape> Parse(INamedTypeSymbol root)
    {
        if (PolymorphicParser.IsPolymorphic(root))
            _findings.Add(Rules.UnsupportedType, root, root.ForMessage(), "[JsonDerivedType] is followed where a type is a member; what is stored by itself is known by its name");
        else
            Demand(root);

        while (_pending.Count > 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (ParseOne(_pending.Dequeue()) is { } shape)
                _shapes.Add(shape);
        }

        return _shapes.OrderBy(static shape => shape.CodecName, StringComparer.Ordinal).ToEquatableArray();
    }

    /// <summary>The fully qualified codec of a type that was parsed.</summary>
    public string CodecName(INamedTypeSymbol type) => CodecResolver.Generated + _codecs.CodecName(type);

    private void Demand(INamedTypeSymbol type) => Demand(new Demanded(type, _codecs.CodecName(type), AsMember: true, Discriminator: null));

    private void Demand(Demanded demanded)
    {
        if (_demanded.Add(demanded.CodecName))
            _pending.Enqueue(demanded);
    }

    private Shape? ParseOne(Demanded demanded)
    {
        var type = demanded.Type;
        if (demanded.AsMember && PolymorphicParser.IsPolymorphic(type))
            return PolymorphicParser.Parse(type, demanded.CodecName, _compilation, _findings, (derived, discriminator) => DemandOneOf(type, derived, discriminator));

        if (TypeFaults.Find(type, _compilation) is { } fault)
        {
            _findings.Add(Rules.UnsupportedType, type, type.ForMessage(), fault);
            return null;
        }

        if (type.TypeKind == TypeKind.Enum)
            return ParseEnum(type);

        if (type.Has(KnownTypes.StreamIdAttribute))
            return ParseWrapper(type);

        return new ObjectParser(type, demanded.CodecName, _form, _compilation, _codecs, _findings).Parse(demanded.Discriminator);
    }

    /// <summary>Asks for the codec of a type as one of those that a base type or interface lists: it says first which one it is.</summary>
    private string DemandOneOf(INamedTypeSymbol type, INamedTypeSymbol derived, DiscriminatorModel? discriminator)
    {
        var name = $"{_codecs.CodecName(type)}_{derived.Mangle()}";
        Demand(new Demanded(derived, name, AsMember: false, discriminator));
        return CodecResolver.Generated + name;
    }

    private EnumShape? ParseEnum(INamedTypeSymbol type)
    {
        var names = new List<EnumNameModel>();
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (field.HasConstantValue)
                names.Add(new EnumNameModel(TypeNames.Escape(field.Name), field.Find(Attributes.JsonStringEnumMemberName)?.Text() ?? field.Name));
        }

        if (names.GroupBy(static name => name.JsonName, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            _findings.Add(
                Rules.DuplicateProperty, type, $"{type.ForMessage()}.{twice.First().MemberName}", $"{type.ForMessage()}.{twice.Last().MemberName}", twice.Key);
            return null;
        }

        foreach (var name in names)
        {
            if (NameRules.FaultOfJsonName(name.JsonName) is { } fault)
                _findings.Add(Rules.UnsupportedAttribute, type, "[JsonStringEnumMemberName]", $"{type.ForMessage()}.{name.MemberName}", fault);
        }

        return new EnumShape(
            _codecs.CodecName(type), type.Bare(), type.EnumUnderlyingType!.Bare(), type.Has(Attributes.Flags), names.ToEquatableArray());
    }

    private WrapperShape? ParseWrapper(INamedTypeSymbol type)
    {
        // What is wrong with such a type is reported where it is declared.
        if (WrapperParser.FindValue(type) is not { } value)
            return null;

        return new WrapperShape(_codecs.CodecName(type), type.Bare(), TypeNames.Escape(value.Name), _codecs.Resolve(value.Type, out _)!, CodecResolver.KeyOf(value.Type)!);
    }

    private sealed record Demanded(INamedTypeSymbol Type, string CodecName, bool AsMember, DiscriminatorModel? Discriminator);
}
