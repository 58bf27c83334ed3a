using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Describes an event as its contract does: every property down to the leaves, each type of objects once.</summary>
internal sealed class ContractDescriber
{
    private readonly CodecTypes _types;
    private readonly EquatableArray<Shape> _shapes;
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    // The shallowest place of a type is where it is described.
    private readonly Queue<(Shape Shape, string Path, string Member)> _pending = new();

    private ContractDescriber(EquatableArray<Shape> shapes)
    {
        _types = new CodecTypes(shapes);
        _shapes = shapes;
    }

    public static ContractEntryModel Describe(EventModel model)
    {
        var describer = new ContractDescriber(model.Shapes);
        describer.Place(new ContractType(ContractKind.Object, NameOf(model.Codec)), ContractPath.Root, "");
        var properties = describer.Properties().OrderBy(static property => property.Path, StringComparer.Ordinal).ToEquatableArray();
        return new ContractEntryModel(model.Name, model.Version, model.ErasedName.Replace("global::", ""), properties, Sample: "", Line: 0);
    }

    private IEnumerable<ContractPropertyModel> Properties()
    {
        while (_pending.Count > 0)
        {
            var (shape, path, member) = _pending.Dequeue();
            var properties = shape switch
            {
                ObjectShape type => Properties(type, path, member),
                PolymorphicShape type => Variants(type, path, member),
                _ => [],
            };
            foreach (var property in properties)
                yield return property;
        }
    }

    private IEnumerable<ContractPropertyModel> Properties(ObjectShape shape, string parent, string top)
    {
        foreach (var member in shape.Members.OrderBy(static member => member.JsonName, StringComparer.Ordinal))
        {
            var name = top.Length > 0 ? top : member.Name.TrimStart('@');
            if (member.HoldsRest)
            {
                yield return new ContractPropertyModel(ContractPath.Rest(parent), "optional json", name);
                continue;
            }

            var path = ContractPath.Child(parent, member.JsonName);
            var isComputed = member.Assignment == Assignment.Computed;
            var described = new ContractMember(
                Place(_types.Of(member.Codec), path, name), !isComputed && !member.MustBePresent, isComputed, member.PersonalData is not null)
            {
                IsLeftOut = !isComputed && member.Omission != Omission.Never,
                Subject = member.PersonalData is { } personal ? SubjectOf(shape, personal) : "",
            };
            yield return new ContractPropertyModel(path, described.ToString(), name) { MeansOther = member.MeansOther };
        }
    }

    private static string SubjectOf(ObjectShape shape, PersonalDataModel personal)
    {
        var property = personal.Subject.Split('.', '!')[0];
        return ContractPath.Child(ContractPath.Root, shape.Members.FirstOrDefault(member => member.Name == property)?.JsonName ?? NameRules.Camel(property.TrimStart('@')));
    }

    /// <summary>The listed types, and the properties of the base type itself, which an object without a word on its type is read as.</summary>
    private IEnumerable<ContractPropertyModel> Variants(PolymorphicShape shape, string parent, string top)
    {
        foreach (var derived in shape.Derived.Where(static derived => derived.Discriminator is not null))
        {
            var token = SyntaxFactory.ParseToken(derived.Discriminator!);
            var path = ContractPath.Variant(parent, shape.PropertyName, token.Value is int ? token.ValueText : JsonText.Quote(token.ValueText));
            yield return new ContractPropertyModel(path, Place(new ContractType(ContractKind.Object, NameOf(derived.Codec)), path, top).ToString(), top);
        }

        if (shape.BaseCodec is { } codec && Find(NameOf(codec)) is ObjectShape itself)
        {
            foreach (var property in Properties(itself, parent, top))
                yield return property;
        }
    }

    private ContractType Place(ContractType type, string path, string member)
    {
        switch (type.Kind)
        {
            case ContractKind.Array or ContractKind.Set or ContractKind.Map:
                return type with { Item = Place(type.Item!, ContractPath.Items(path), member) };

            case ContractKind.Object when _places.TryGetValue(type.Word, out var place):
                return type with { Word = place, IsLike = true };

            case ContractKind.Object:
                _places.Add(type.Word, path);
                if (Find(type.Word) is { } shape)
                    _pending.Enqueue((shape, path, member));

                return type with { Word = "" };

            default:
                return type;
        }
    }

    private Shape? Find(string codecName) => _shapes.FirstOrDefault(shape => shape.CodecName == codecName);

    private static string NameOf(string codec) => codec.Substring(codec.LastIndexOf('.') + 1);
}
