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
        var properties = variant is null ? Properties(place) : [ContractPath.Discriminator(variant), .. Properties(ContractShape.PlaceOf(_shape[variant].Type, variant))];
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

    /// <summary>A value of the type; <see langword="null"/> where it would hold itself without end.</summary>
    private string? Value(ContractType type, string path, string name) => type.Kind switch
    {
        ContractKind.Array or ContractKind.Set => $"[{Value(type.Item!, ContractPath.Items(path), name)}]",
        ContractKind.Map => Value(type.Item!, ContractPath.Items(path), name) is { } value ? $"{{{KeyOf(type.Key!)}: {value}}}" : "{}",
        ContractKind.Object when _within.Contains(ContractShape.PlaceOf(type, path)) => type.IsNullable ? "null" : null,
        ContractKind.Object => Object(ContractShape.PlaceOf(type, path)),
        ContractKind.Enum or ContractKind.Flags => type.Names.Count > 0 ? JsonText.Quote(type.Names[0]) : "0",
        ContractKind.Numbers when type.Names.Count > 0 => type.Names[0].Split(' ')[0],
        _ => Leaf(type.Word, name),
    };

    private static string KeyOf(ContractType key) => key.Kind == ContractKind.Leaf && key.Word.IndexOf("int", StringComparison.Ordinal) is 0 or 1
        ? "\"1\""
        : key.Kind == ContractKind.Leaf ? Leaf(key.Word, "key") : JsonText.Quote(key.Names.Count > 0 ? key.Names[0] : "0");

    private static string Leaf(string word, string name) => LeafTypes.Plain(word) switch
    {
        "boolean" => "true",
        "decimal" => "1.5",
        "float16" or "float32" or "float64" => "0.5",
        "integer" => "1",
        "character" => "\"c\"",
        "text" or "stream id" => JsonText.Quote(name.Length > 0 ? name : "text"),
        "guid" => "\"01234567-89ab-cdef-0123-456789abcdef\"",
        "instant" => "\"2001-02-03T04:05:06.0000000Z\"",
        "instant with offset" => "\"2001-02-03T04:05:06.0000000+01:00\"",
        "date" => "\"2001-02-03\"",
        "time" => "\"04:05:06.0000000\"",
        "duration" => "\"1.02:03:04\"",
        "uri" => "\"https://example.org/\"",
        "version number" => "\"1.2.3\"",
        "base64" => "\"AQID\"",
        "json" or "json object" => "{}",
        "json array" => "[]",
        "json value" => "1",
        _ when word.StartsWith("int", StringComparison.Ordinal) || word.StartsWith("uint", StringComparison.Ordinal) => "1",
        _ => Unknown,
    };

    private static string NameOf(string path, string place)
    {
        var segment = path.Substring(place.Length);
        return segment.StartsWith("['", StringComparison.Ordinal)
            ? segment.Substring(2, segment.Length - 4).Replace(@"\'", "'").Replace(@"\\", @"\")
            : segment.TrimStart('.');
    }
}
