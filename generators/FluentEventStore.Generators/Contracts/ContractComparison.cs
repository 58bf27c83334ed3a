using FluentEventStore.Generators.Diagnostics;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Compares the shape in which events are stored, by the contract, with the one in which they are read now.</summary>
internal sealed class ContractComparison
{
    private readonly ContractShape _stored;
    private readonly ContractShape _current;
    private readonly List<ContractDifference> _differences = [];
    private readonly HashSet<(string Stored, string Current)> _compared = [];

    private ContractComparison(ContractEntryModel stored, ContractEntryModel current)
    {
        _stored = new ContractShape(stored);
        _current = new ContractShape(current);
    }

    public static IReadOnlyList<ContractDifference> Compare(ContractEntryModel stored, ContractEntryModel current)
    {
        var comparison = new ContractComparison(stored, current);
        comparison.CompareObjects(ContractPath.Root, ContractPath.Root, ContractPath.Root);
        return comparison._differences;
    }

    /// <param name="stored">Where the stored object is described.</param>
    /// <param name="current">Where the current one is.</param>
    /// <param name="path">Where it stands, for messages.</param>
    private void CompareObjects(string stored, string current, string path)
    {
        if (!_compared.Add((stored, current)))
            return;

        var before = _stored.ChildrenOf(stored).ToDictionary(
            child => child.Substring(stored.Length).TrimStart('.'), StringComparer.Ordinal);
        var now = _current.ChildrenOf(current).ToDictionary(
            child => child.Substring(current.Length).TrimStart('.'), StringComparer.Ordinal);
        var hadVariantsOnly = before.Count > 0 && before.Values.All(ContractPath.IsVariant);
        foreach (var segment in before.Keys.Concat(now.Keys)
            .Distinct(StringComparer.Ordinal)
            .OrderBy(static segment => segment, StringComparer.Ordinal))
        {
            var at = path.Length == 0 ? segment : segment[0] is '[' or '{' ? path + segment : $"{path}.{segment}";
            if (!now.TryGetValue(segment, out var currentPath))
                Lose(_stored[before[segment]], at);
            else if (!before.TryGetValue(segment, out var storedPath))
                Gain(_current[currentPath], at, isDemanded: !hadVariantsOnly);
            else
                CompareMembers(storedPath, currentPath, at);
        }
    }

    // What nobody reads may go.
    private void Lose(ContractMember stored, string path) => _differences.Add(stored.IsComputed ? Outdated(path, "it is gone")
        : ContractPath.IsVariant(path)
            ? new ContractDifference(
                Rules.ContractPropertyRetyped,
                ContractPath.Parent(path),
                path.Substring(ContractPath.Parent(path).Length),
                "no such object")
        : new ContractDifference(Rules.ContractPropertyLost, path));

    // An object that always named its type is never read as the base type.
    private void Gain(ContractMember current, string path, bool isDemanded) => _differences.Add(
        !isDemanded || current.IsOptional || current.IsComputed || ContractPath.IsVariant(path)
            ? Outdated(path, "it is new")
            : Demanded(path, "lack it"));

    private void CompareMembers(string storedPath, string currentPath, string path)
    {
        var (stored, current) = (_stored[storedPath], _current[currentPath]);
        if (current.IsComputed)
        {
            if (!stored.IsComputed)
                _differences.Add(new ContractDifference(Rules.ContractPropertyLost, path));
            else if (stored != current)
                _differences.Add(Outdated(path, $"it is {current} now"));

            return;
        }

        if (stored.IsComputed)
            _differences.Add(Outdated(path, "it is read now"));

        if (stored.IsOptional && !current.IsOptional)
            _differences.Add(Demanded(path, "lack it"));
        else if (!stored.IsOptional && !stored.IsComputed && current.IsOptional)
            _differences.Add(Outdated(path, "it may be missing"));

        if (stored.IsLeftOut && !current.IsLeftOut && _current.MeansOther(currentPath))
            _differences.Add(new ContractDifference(Rules.ContractAbsenceRedefined, path));
        else if (stored.IsLeftOut != current.IsLeftOut && stored.IsOptional && current.IsOptional)
            _differences.Add(
                Outdated(path, current.IsLeftOut ? "it is left out where it has the default of its type" : "it is always written"));

        if (stored.IsPersonal && (!current.IsPersonal || (stored.Subject.Length > 0 && stored.Subject != current.Subject)))
            _differences.Add(
                new ContractDifference(Rules.ContractPropertyRetyped, path, stored.Owned + stored.Type, current.Owned + current.Type));
        else if (stored.IsPersonal != current.IsPersonal || stored.Subject != current.Subject)
            _differences.Add(Outdated(path, stored.IsPersonal ? $"it is personal data of '{current.Subject}'" : "it is personal data"));

        CompareTypes(stored.Type, current.Type, storedPath, currentPath, path);
    }

    private void CompareTypes(ContractType stored, ContractType current, string storedPath, string currentPath, string path)
    {
        if (stored.IsNullable && !current.IsNullable)
            _differences.Add(Demanded(path, "hold null there"));
        else if (!stored.IsNullable && current.IsNullable)
            _differences.Add(Outdated(path, "it may be null"));

        switch (stored.Kind, current.Kind)
        {
            case (ContractKind.Map, ContractKind.Map) when !Equals(stored.Key, current.Key) && !IsEnum(stored.Key!, current.Key!):
                Retyped(stored, current, path);
                break;
            case (ContractKind.Set, ContractKind.Array):
                _differences.Add(Outdated(path, "it may hold an item twice"));
                CompareTypes(
                    stored.Item!, current.Item!, ContractPath.Items(storedPath), ContractPath.Items(currentPath), ContractPath.Items(path));
                break;
            case (ContractKind.Array, ContractKind.Array) or (ContractKind.Set, ContractKind.Set) or (ContractKind.Map, ContractKind.Map):
                if (stored.Key is { } key && IsEnum(key, current.Key!))
                    CompareNames(key, current.Key!, path);

                CompareTypes(
                    stored.Item!, current.Item!, ContractPath.Items(storedPath), ContractPath.Items(currentPath), ContractPath.Items(path));
                break;
            case (ContractKind.Object, ContractKind.Object):
                CompareObjects(ContractShape.PlaceOf(stored, storedPath), ContractShape.PlaceOf(current, currentPath), path);
                break;
            case var _ when IsEnum(stored, current):
                CompareNames(stored, current, path);
                break;
            case (ContractKind.Numbers, ContractKind.Numbers) when stored.Word == current.Word || LeafTypes.Fits(stored.Word, current.Word):
                CompareNames(stored, current, path);
                break;
            case (ContractKind.Leaf, ContractKind.Leaf) when stored.Word == current.Word:
                break;
            case (ContractKind.Leaf or ContractKind.Numbers, ContractKind.Leaf or ContractKind.Numbers) when stored.Word == current.Word:
                _differences.Add(Outdated(path, $"it is {current}"));
                break;
            case (ContractKind.Leaf or ContractKind.Numbers, ContractKind.Leaf or ContractKind.Numbers) when LeafTypes.Fits(
                stored.Word, current.Word):
                _differences.Add(Outdated(path, $"it was {stored.Word} and is {current.Word}"));
                break;
            default:
                Retyped(stored, current, path);
                break;
        }
    }

    // An enum without flags has no name for a combination of them.
    private static bool IsEnum(ContractType stored, ContractType current) =>
        (stored.Kind, current.Kind) is (ContractKind.Enum, ContractKind.Enum or ContractKind.Flags)
            or (ContractKind.Flags, ContractKind.Flags);

    private void CompareNames(ContractType stored, ContractType current, string path)
    {
        var gone = stored.Names.Except(current.Names, StringComparer.Ordinal).ToArray();
        var added = current.Names.Except(stored.Names, StringComparer.Ordinal).ToArray();
        if (gone.Length > 0)
            _differences.Add(
                new ContractDifference(Rules.ContractPropertyRetyped, path, $"'{string.Join("', '", gone)}'", current.ToString()));
        else if (added.Length > 0)
            _differences.Add(Outdated(path, $"it may be '{string.Join("', '", added)}'"));
        else if (stored.Kind != current.Kind)
            _differences.Add(Outdated(path, "its names can be combined"));
    }

    private void Retyped(ContractType stored, ContractType current, string path) => _differences.Add(
        new ContractDifference(
            Rules.ContractPropertyRetyped,
            path,
            (stored with { IsNullable = false }).ToString(),
            (current with { IsNullable = false }).ToString()));

    private static ContractDifference Demanded(string path, string reason) => new(Rules.ContractPropertyDemanded, path, reason);

    private static ContractDifference Outdated(string path, string what) => new(Rules.ContractOutdated, path, what);
}
