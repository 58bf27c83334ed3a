using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Describes an event as its contract does: every property down to the leaves, each type of objects once.</summary>
internal sealed class ContractDescriber
{
    private readonly MemberMap _map;
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);

    // A type is described at its shallowest place.
    private readonly Queue<(Shape Shape, string Path, string Member)> _pending = new();

    private ContractDescriber(MemberMap map) => _map = map;

    public static ContractEntryModel Describe(EventModel model)
    {
        var describer = new ContractDescriber(new MemberMap(model.Shapes));
        describer.Place(describer.TypeOf(model.Codec), ContractPath.Root, "");
        var properties = describer.Properties().OrderBy(static property => property.Path, StringComparer.Ordinal).ToEquatableArray();
        return new ContractEntryModel(model.Name, model.Version, model.ErasedName.Replace("global::", ""), properties, Sample: "", Line: 0);
    }

    private IEnumerable<ContractPropertyModel> Properties()
    {
        while (_pending.Count > 0)
        {
            var (shape, path, member) = _pending.Dequeue();
            var variants = shape is PolymorphicShape several ? Variants(several, path, member) : [];
            foreach (var property in variants.Concat(Properties(_map.MembersOf(shape), path, member)))
                yield return property;
        }
    }

    private IEnumerable<ContractPropertyModel> Properties(EquatableArray<MemberModel> members, string parent, string top)
    {
        foreach (var member in members.OrderBy(static member => member.JsonName, StringComparer.Ordinal))
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
                Place(TypeOf(member.Codec), path, name), !isComputed && !member.MustBePresent, isComputed, member.PersonalData is not null)
            {
                IsLeftOut = !isComputed && member.Omission != Omission.Never,
                Subject = member.PersonalData is { } personal ? SubjectOf(members, personal) : "",
            };
            yield return new ContractPropertyModel(path, described.ToString(), name) { MeansOther = member.MeansOther };
        }
    }

    private static string SubjectOf(EquatableArray<MemberModel> members, PersonalDataModel personal)
    {
        var property = personal.Subject.Split('.', '!')[0];
        var name = members.FirstOrDefault(member => member.Name == property)?.JsonName ?? NameRules.Camel(property.TrimStart('@'));
        return ContractPath.Child(ContractPath.Root, name);
    }

    /// <summary>The types that a type lists. An object that does not name its type is read as the listing type itself.</summary>
    private IEnumerable<ContractPropertyModel> Variants(PolymorphicShape shape, string parent, string top)
    {
        foreach (var derived in shape.Derived.Where(static derived => derived.Discriminator is not null))
        {
            var token = SyntaxFactory.ParseToken(derived.Discriminator!);
            var path = ContractPath.Variant(
                parent, shape.PropertyName, token.Value is int ? token.ValueText : JsonText.Quote(token.ValueText));
            yield return new ContractPropertyModel(path, Place(TypeOf(derived.Codec), path, top).ToString(), top);
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
                if (_map.Find(type.Word) is { } shape)
                    _pending.Enqueue((shape, path, member));

                return type with { Word = "" };

            default:
                return type;
        }
    }

    /// <summary>What a codec writes; the word of an object is the codec's name.</summary>
    private ContractType TypeOf(Codec codec) => codec switch
    {
        NullableCodec nullable => TypeOf(nullable.Value) with { IsNullable = true },
        WrapperCodec wrapper => TypeOf(wrapper.Value),
        NumberCodec number => new ContractType(ContractKind.Leaf, number.Leaf.Word + LeafTypes.OrText),
        EnumNumbersCodec type => new ContractType(ContractKind.Numbers, type.Leaf.Word, Names: type.Names),
        ScalarCodec scalar => new ContractType(ContractKind.Leaf, scalar.Leaf.Word),
        SequenceCodec list => new ContractType(list.IsSet ? ContractKind.Set : ContractKind.Array, Item: TypeOf(list.Item)),
        MapCodec map => new ContractType(ContractKind.Map, Key: TypeOf(map.Key), Item: TypeOf(map.Item)),
        EnumCodec named => TypeOf((EnumShape)_map.Find(named.Name)!),
        ConverterCodec converter => new ContractType(ContractKind.Leaf, "converted by " + converter.Converter.Replace("global::", "")),
        _ => new ContractType(ContractKind.Object, ((ObjectCodec)codec).Name),
    };

    private static ContractType TypeOf(EnumShape type) => new(
        type.IsFlags ? ContractKind.Flags : ContractKind.Enum,
        Names: type.Names.Select(static value => value.JsonName).OrderBy(static value => value, StringComparer.Ordinal).ToEquatableArray());
}
