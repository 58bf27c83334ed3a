using FluentEventStore.Generators.Shapes;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Makes the JSON of one stored event from its description, with every property filled.</summary>
internal sealed class ContractSample
{
    /// <summary>Stands where only the program knows what is stored.</summary>
    public const string Unknown = "\"replace this by what is stored\"";

    private readonly ContractShape _shape;
    private readonly Stack<string> _within = new();

    private ContractSample(ContractShape shape) => _shape = shape;

    public static string Write(ContractEntryModel entry) => new ContractSample(new ContractShape(entry)).Object(ContractPath.Root);

    private string Object(string place)
    {
        _within.Push(place);
        var variant = _shape.ChildrenOf(place).FirstOrDefault(ContractPath.IsVariant);
        var properties = variant is null
            ? Properties(place)
            : [ContractPath.Discriminator(variant), .. Properties(ContractShape.PlaceOf(_shape[variant].Type, variant))];
        _within.Pop();
        return $"{{{string.Join(", ", properties)}}}";
    }

    private string[] Properties(string place) =>
    [
        .. _shape.ChildrenOf(place)
            .Where(path => path != ContractPath.Rest(place) && !ContractPath.IsVariant(path))
            .Select(path => (Name: NameOf(path, place), Value: Value(_shape[path].Type, path, NameOf(path, place))))
            .Where(static property => property.Value is not null)
            .Select(static property => $"{JsonText.Quote(property.Name)}: {property.Value}"),
    ];

    /// <summary>A value of the type; <see langword="null"/> if it would hold itself without end.</summary>
    private string? Value(ContractType type, string path, string name) => type.Kind switch
    {
        ContractKind.Array or ContractKind.Set => $"[{Value(type.Item!, ContractPath.Items(path), name)}]",
        ContractKind.Map => Value(type.Item!, ContractPath.Items(path), name) is { } value ? $"{{{KeyOf(type.Key!)}: {value}}}" : "{}",
        ContractKind.Object when _within.Contains(ContractShape.PlaceOf(type, path)) => type.IsNullable ? "null" : null,
        ContractKind.Object => Object(ContractShape.PlaceOf(type, path)),
        ContractKind.Enum or ContractKind.Flags => type.Names.Count > 0 ? JsonText.Quote(type.Names[0]) : "0",
        ContractKind.Numbers when type.Names.Count > 0 => type.Names[0].Split(' ')[0],
        _ => LeafOf(type.Word, name),
    };

    private static string KeyOf(ContractType key) =>
        key.Kind != ContractKind.Leaf ? JsonText.Quote(key.Names.Count > 0 ? key.Names[0] : "0")
        : Leaf.Find(key.Word) is { Json: JsonTypes.Number } number ? JsonText.Quote(number.Sample)
        : LeafOf(key.Word, "key");

    private static string LeafOf(string word, string name) => Leaf.Find(LeafTypes.Plain(word)) switch
    {
        null => Unknown,
        { Word: "text" or "stream id" } when name.Length > 0 => JsonText.Quote(name),
        { } leaf => leaf.Sample,
    };

    private static string NameOf(string path, string place)
    {
        var segment = path.Substring(place.Length);
        return segment.StartsWith("['", StringComparison.Ordinal)
            ? segment.Substring(2, segment.Length - 4).Replace(@"\'", "'").Replace(@"\\", @"\")
            : segment.TrimStart('.');
    }
}
