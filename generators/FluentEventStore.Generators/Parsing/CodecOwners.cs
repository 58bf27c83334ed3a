using FluentEventStore.Generators.Shapes;

namespace FluentEventStore.Generators.Parsing;

/// <summary>
/// Which holder the codec of each type is written with: a type that several events or documents hold has one codec. Each holder asks for
/// its own, so that a new holder moves nothing among the others.
/// </summary>
internal sealed class CodecOwners : IEquatable<CodecOwners>
{
    private readonly Dictionary<string, string> _owners;

    public CodecOwners(IEnumerable<HeldShapes> all) => _owners = all
        .SelectMany(static held => held.Shapes.Select(shape => (shape.CodecName, held.Holder)))
        .GroupBy(static codec => codec.CodecName, static codec => codec.Holder, StringComparer.Ordinal)
        .ToDictionary(
            static holders => holders.Key,
            static holders => holders.OrderBy(static holder => holder, StringComparer.Ordinal).First(),
            StringComparer.Ordinal);

    /// <summary>The types whose codecs are written with a holder.</summary>
    public IEnumerable<Shape> Own(HeldShapes held) => held.Shapes.Where(shape => _owners[shape.CodecName] == held.Holder);

    public bool Equals(CodecOwners? other) => other is not null && _owners.Count == other._owners.Count
        && _owners.All(owner => other._owners.TryGetValue(owner.Key, out var same) && same == owner.Value);

    public override bool Equals(object? obj) => Equals(obj as CodecOwners);

    public override int GetHashCode() => _owners.Count;
}
