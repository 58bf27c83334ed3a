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
    private readonly Queue<INamedTypeSymbol> _pending = new();
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
    public string CodecName(INamedTypeSymbol type) => "global::FluentEventStore.Generated." + _codecs.CodecName(type);

    private void Demand(INamedTypeSymbol type)
    {
        if (_demanded.Add(_codecs.CodecName(type)))
            _pending.Enqueue(type);
    }

    private Shape? ParseOne(INamedTypeSymbol type)
    {
        if (TypeFaults.Find(type, _compilation) is { } fault)
        {
            _findings.Add(Rules.UnsupportedType, type, type.ForMessage(), fault);
            return null;
        }

        if (type.TypeKind == TypeKind.Enum)
            return ParseEnum(type);

        if (type.Has(KnownTypes.StreamIdAttribute))
            return ParseWrapper(type);

        return new ObjectParser(type, _codecs.CodecName(type), _form, _compilation, _codecs, _findings).Parse();
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
}
