namespace FluentEventStore.Generators.Modelling;

/// <summary>
/// With which holder the codec of each type is written, and in which file: a type that several events or documents hold has one codec, and each codec a file
/// whose name is its own whatever the case. Each holder asks for its own, so that a new one moves nothing among the others.
/// </summary>
internal sealed class CodecOwners : IEquatable<CodecOwners>
{
    private readonly Dictionary<string, (string Holder, string HintName)> _owners = new(StringComparer.Ordinal);

    public CodecOwners(IEnumerable<HeldShapes> all)
    {
        var codecs = all.SelectMany(static held => held.Shapes.Select(shape => (shape.CodecName, held.Holder)))
            .GroupBy(static codec => codec.CodecName, static codec => codec.Holder, StringComparer.Ordinal)
            .GroupBy(static holders => holders.Key, StringComparer.OrdinalIgnoreCase);
        foreach (var sameButCase in codecs)
        {
            var number = 0;
            foreach (var holders in sameButCase.OrderBy(static holders => holders.Key, StringComparer.Ordinal))
            {
                number++;
                _owners.Add(holders.Key, (holders.OrderBy(static holder => holder, StringComparer.Ordinal).First(), number == 1 ? holders.Key : $"{holders.Key}_{number}"));
            }
        }
    }

    /// <summary>The types whose codecs are written with a holder.</summary>
    public IEnumerable<Shape> Own(HeldShapes held)
    {
        foreach (var shape in held.Shapes)
        {
            var (holder, hintName) = _owners[shape.CodecName];
            if (holder == held.Holder)
                yield return shape.HintName == hintName ? shape : shape with { HintName = hintName };
        }
    }

    public bool Equals(CodecOwners? other) => other is not null && _owners.Count == other._owners.Count
        && _owners.All(owner => other._owners.TryGetValue(owner.Key, out var same) && same == owner.Value);

    public override bool Equals(object? obj) => Equals(obj as CodecOwners);

    public override int GetHashCode() => _owners.Count;
}
