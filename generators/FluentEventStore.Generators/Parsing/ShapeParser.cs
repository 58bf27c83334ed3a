using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Models a type and everything that it holds, down to the leaves.</summary>
internal sealed class ShapeParser
{
    // No type that somebody writes down is this deep. One that its own member wraps again has no end.
    private const int DeepestType = 10;
    private const int LongestName = 60;

    private readonly Compilation _compilation;
    private readonly JsonForm _form;
    private readonly Findings _findings;
    private readonly CancellationToken _cancellationToken;
    private readonly CodecResolver _codecs;
    private readonly Queue<Demanded> _pending = new();
    private readonly HashSet<string> _demanded = new(StringComparer.Ordinal);
    private readonly List<Shape> _shapes = [];

    private readonly bool _mayHide;

    /// <param name="compilation">The compilation that the generated code belongs to.</param>
    /// <param name="form">The form of JSON.</param>
    /// <param name="findings">What is wrong with the types.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="mayHide">
    /// Whether the type itself may keep what is not stored, like an aggregate that is never kept as a document. Then <see cref="Hidden"/>
    /// tells what.
    /// </param>
    public ShapeParser(Compilation compilation, JsonForm form, Findings findings, CancellationToken cancellationToken, bool mayHide = false)
    {
        _mayHide = mayHide;
        _compilation = compilation;
        _form = form;
        _findings = findings;
        _cancellationToken = cancellationToken;
        _codecs = new CodecResolver(compilation, form, Demand);
    }

    /// <summary>What the type that was parsed keeps beside what is stored of it, if it may.</summary>
    public IReadOnlyList<ISymbol> Hidden { get; private set; } = [];

    /// <summary>Models the type; its own shape comes first, the others by name.</summary>
    /// <returns>The shapes. Where there are findings, they are not complete.</returns>
    public EquatableArray<Shape> Parse(INamedTypeSymbol root)
    {
        if (FindForeign() is { } foreign)
            _findings.Add(
                Rules.UnsupportedType,
                root,
                root.ForMessage(),
                $"'{foreign.ForMessage()}' is declared in the namespace of generated code; move it to another namespace");
        else if (PolymorphicParser.IsPolymorphic(root))
            _findings.Add(
                Rules.UnsupportedType,
                root,
                root.ForMessage(),
                "[JsonDerivedType] works only on the type of a member; what is stored by itself is known by its name");
        else
            Demand(root, null);

        while (_pending.Count > 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (ParseOne(_pending.Dequeue()) is { } shape)
                _shapes.Add(shape);
        }

        return _shapes.OrderBy(static shape => shape.CodecName, StringComparer.Ordinal).ToEquatableArray();
    }

    /// <summary>The codec of a type that was parsed.</summary>
    public ObjectCodec CodecOf(INamedTypeSymbol type) => new(_codecs.CodecName(type));

    /// <summary>What somebody has declared where generated types stand: it might have the name of one, or hide what they name.</summary>
    private INamespaceOrTypeSymbol? FindForeign()
    {
        INamespaceOrTypeSymbol? space = _compilation.Assembly.GlobalNamespace;
        foreach (var name in TypeNames.GeneratedNamespace.Split('.'))
            space = space?.GetMembers(name).OfType<INamespaceSymbol>().FirstOrDefault();

        return space?.GetMembers().OfType<INamespaceOrTypeSymbol>().FirstOrDefault();
    }

    private void Demand(INamedTypeSymbol type, ISymbol? asking)
    {
        if (DepthOf(type) > DeepestType)
            _findings.For(asking).Add(
                Rules.UnsupportedType,
                type,
                type.OriginalDefinition.ForMessage(),
                $"it leads to types that are nested without end, such as '{Shorten(type.ForMessage())}'");
        else
            Demand(new Demanded(type, _codecs.CodecName(type), asking, AsMember: true, Discriminator: null));
    }

    private static int DepthOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => 1 + DepthOf(array.ElementType),
        _ => 1 + type.AllArguments().Select(DepthOf).DefaultIfEmpty().Max(),
    };

    private static string Shorten(string name) => name.Length <= LongestName ? name : name.Substring(0, LongestName) + "…";

    private void Demand(Demanded demanded)
    {
        if (_demanded.Add(demanded.CodecName))
            _pending.Enqueue(demanded);
    }

    private Shape? ParseOne(Demanded demanded)
    {
        var type = demanded.Type;
        var findings = _findings.For(demanded.Asking);
        if (demanded.AsMember && PolymorphicParser.IsPolymorphic(type))
            return PolymorphicParser.Parse(
                type, demanded.CodecName, _compilation, findings, (derived, discriminator) => DemandOneOf(type, derived, discriminator));

        if (TypeFaults.Find(type, _compilation) is { } fault)
        {
            findings.Add(Rules.UnsupportedType, type, type.ForMessage(), fault);
            return null;
        }

        if (type.TypeKind == TypeKind.Enum)
            return EnumParser.Parse(type, _codecs.CodecName(type), findings);

        if (type.Has(KnownTypes.StreamIdAttribute))
            return ParseWrapper(type);

        var parser = new ObjectParser(type, demanded.CodecName, _form, _compilation, _codecs, findings);
        var shape = parser.Parse(demanded.Discriminator, isExact: demanded.AsMember && !type.IsSealed);
        if (demanded.Asking is null && _mayHide)
            Hidden = parser.Hidden;
        else if (shape is not null)
            parser.ReportHidden();

        if (demanded.Asking is null
            && _form == JsonForm.Event
            && shape?.Members.FirstOrDefault(static member => member.JsonName == NameRules.OfStore) is { } taken)
            findings.Add(
                Rules.UnsupportedAttribute,
                type,
                "[JsonPropertyName]",
                $"{type.ForMessage()}.{taken.Name}",
                $"the property '{NameRules.OfStore}' of an event belongs to the store");

        return shape;
    }

    /// <summary>Asks for the codec of a type as one of those that a base type or interface lists: it says first which one it is.</summary>
    private ObjectCodec DemandOneOf(INamedTypeSymbol type, INamedTypeSymbol derived, DiscriminatorModel? discriminator)
    {
        var name = $"{_codecs.CodecName(type)}_{derived.Mangle()}";
        Demand(new Demanded(derived, name, type, AsMember: false, discriminator));
        return new ObjectCodec(name);
    }

    private WrapperShape? ParseWrapper(INamedTypeSymbol type)
    {
        // What is wrong with such a type is reported where it is declared.
        return IdTypes.FindValue(type) is { Type: var value, Name: var name }
            ? new WrapperShape(_codecs.CodecName(type), type.Bare(), TypeNames.Escape(name), _codecs.Wrapped(value), _codecs.KeyOf(value)!)
            : null;
    }

    /// <param name="Type">The type.</param>
    /// <param name="CodecName">The name of its codec.</param>
    /// <param name="Asking">The member that holds it, or the base type that lists it; <see langword="null"/> of the root.</param>
    /// <param name="AsMember">Whether it stands for itself, not for one of several types.</param>
    /// <param name="Discriminator">What tells it apart from others.</param>
    private sealed record Demanded(
        INamedTypeSymbol Type, string CodecName, ISymbol? Asking, bool AsMember, DiscriminatorModel? Discriminator);
}
