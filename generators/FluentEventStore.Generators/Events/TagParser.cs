using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Parsing;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Events;

/// <summary>Models which properties and fields of an event tag it.</summary>
internal static class TagParser
{
    public static EquatableArray<TagModel> Parse(INamedTypeSymbol type, Compilation compilation, Findings findings)
    {
        var tags = new List<TagModel>();
        var members = MembersOf(type).ToArray();
        foreach (var member in members)
        {
            // The parameter of a constructor stands for the public property, not for a private field of the same name beside it.
            var isPublic = IsPublic(member);
            var standsAside = !isPublic
                && members.Any(other => IsPublic(other) && string.Equals(other.Name, member.Name, StringComparison.OrdinalIgnoreCase));
            var found = standsAside
                ? member.Find(KnownTypes.TagAttribute)
                : IdentifyingProperty.FindMark(member, type, KnownTypes.TagAttribute);
            if (found is not { } mark)
                continue;

            var name = mark.Text() ?? NameRules.Kebab(member.Name);
            var value = IdentifyingProperty.TextOf(member);
            var fault = value switch
            {
                _ when !isPublic => "it is not public",
                null => "it is " + IdentifyingProperty.FaultOf(member.TypeOfValue()),
                _ when name.Length == 0 || name.Contains(':') => $"'{name}' is not a name for a tag: it is empty or has a colon",
                _ when PersonalDataParser.IsMarked(member, type) => "it is personal data, and a tag would show it",
                _ when PersonalDataFlow.Find(member, type, compilation) is { } shown =>
                    $"it names '{shown.ForMessage()}', which is personal data, and a tag would show it",
                _ => null,
            };
            if (fault is null)
                tags.Add(new TagModel(name, value!));
            else
                findings.Add(Rules.InvalidTag, member, member.ForMessage(), fault);
        }

        return tags.ToArray().ToEquatableArray();
    }

    private static bool IsPublic(ISymbol member) => member.DeclaredAccessibility == Accessibility.Public;

    private static IEnumerable<ISymbol> MembersOf(INamedTypeSymbol type)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var current = type; current is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; current =
            current.BaseType)
        {
            foreach (var member in current.GetMembers())
            {
                if (member is { IsStatic: false } and (IFieldSymbol or IPropertySymbol { IsIndexer: false })
                    && (!IsPublic(member) || names.Add(member.Name)))
                    yield return member;
            }
        }
    }
}
