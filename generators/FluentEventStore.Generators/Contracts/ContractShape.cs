namespace FluentEventStore.Generators.Contracts;

/// <summary>The properties of an entry as a tree.</summary>
internal sealed class ContractShape
{
    private readonly Dictionary<string, ContractMember> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _meansOther = new(StringComparer.Ordinal);
    private readonly ILookup<string, string> _children;

    public ContractShape(ContractEntryModel entry)
    {
        foreach (var property in entry.Properties)
        {
            _members[property.Path] = ContractMember.Parse(property.Description);
            if (property.MeansOther)
                _meansOther.Add(property.Path);
        }

        _children = entry.Properties.ToLookup(
            static property => ContractPath.Parent(property.Path), static property => property.Path, StringComparer.Ordinal);
    }

    public ContractMember this[string path] => _members[path];

    /// <summary>Whether a missing property is read as something else than the default of its type.</summary>
    public bool MeansOther(string path) => _meansOther.Contains(path);

    /// <summary>Where the properties of the object at a path are described.</summary>
    public static string PlaceOf(ContractType type, string path) => type.IsLike ? type.Word : path;

    /// <summary>The paths of the properties that are described at a place.</summary>
    public IEnumerable<string> ChildrenOf(string place) => _children[place];
}
