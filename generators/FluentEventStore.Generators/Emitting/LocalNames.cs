using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Emitting;

/// <summary>
/// The names of the local variables of a reader: the members' own in camel case, with one more underscore if that is taken.
/// </summary>
internal sealed class LocalNames
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _flags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _claims = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal) { "reader" };

    public LocalNames(ObjectShape type)
    {
        // The codecs are called by the names of the properties too.
        foreach (var member in type.Members)
        {
            _taken.Add(member.Name.TrimStart('@') + "Codec");
        }

        foreach (var member in type.Members)
        {
            _values[member.Name] = TypeNames.Escape(Take(NameRules.Camel(member.Name.TrimStart('@'))));
        }

        foreach (var member in type.Members)
        {
            _flags[member.Name] = Take(
                "has" + char.ToUpperInvariant(member.Name.TrimStart('@')[0]) + member.Name.TrimStart('@').Substring(1));
        }

        foreach (var member in type.Members.Where(static member => member.PersonalData is not null))
        {
            _claims[member.Name] = Take(NameRules.Camel(member.Name.TrimStart('@')) + "Claim");
        }

        Result = Take("result");
    }

    public string Result { get; }

    public string Value(MemberModel member) => _values[member.Name];

    public string Value(string memberName) => _values[memberName];

    public string Flag(MemberModel member) => _flags[member.Name];

    /// <summary>Whose data a member with personal data claims to be.</summary>
    public string Claim(MemberModel member) => _claims[member.Name];

    private string Take(string name)
    {
        while (!_taken.Add(name))
        {
            name += "_";
        }

        return name;
    }
}
