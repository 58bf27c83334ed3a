using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Events;

/// <summary>Models which properties of an event tag it.</summary>
internal static class TagParser
{
    public static EquatableArray<TagModel> Parse(INamedTypeSymbol type, Findings findings)
    {
        var tags = new List<TagModel>();
        foreach (var property in PropertiesOf(type))
        {
            if (IdentifyingProperty.FindMark(property, type, KnownTypes.TagAttribute) is not { } mark)
                continue;

            var name = mark.Text() ?? NameRules.Kebab(property.Name);
            var value = IdentifyingProperty.TextOf(property);
            var fault = value switch
            {
                null => $"it is of type '{property.Type.ForMessage()}', not Guid, string, int, long or a typed stream id",
                _ when name.Length == 0 || name.Contains(':') => $"'{name}' is no name for a tag: it is empty or has a colon",
                _ when PersonalDataParser.IsMarked(property, type) => "it is personal data, and a tag would show it",
                _ => null,
            };
            if (fault is null)
                tags.Add(new TagModel(name, value!));
            else
                findings.Add(Rules.InvalidTag, property, property.ForMessage(), fault);
        }

        return tags.ToArray().ToEquatableArray();
    }

    private static IEnumerable<IPropertySymbol> PropertiesOf(INamedTypeSymbol type)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var current = type; current is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; current = current.BaseType)
        {
            foreach (var property in current.GetMembers().OfType<IPropertySymbol>())
            {
                if (property is { IsStatic: false, IsIndexer: false, DeclaredAccessibility: Accessibility.Public } && names.Add(property.Name))
                    yield return property;
            }
        }
    }
}
