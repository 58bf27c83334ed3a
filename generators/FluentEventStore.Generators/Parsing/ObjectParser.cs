using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Models a record, class or struct: its properties, and how a value is made of them.</summary>
internal sealed class ObjectParser(
    INamedTypeSymbol type, string codecName, JsonForm form, Compilation compilation, CodecResolver codecs, Findings findings)
{
    private const string WayOut =
        "give it a converter, with [JsonConverter] on the property that holds it or on the type, or store a type of your own "
            + "that has its values";

    /// <summary>What the type keeps beside what is stored of it.</summary>
    public IReadOnlyList<ISymbol> Hidden { get; private set; } = [];

    /// <summary>Reports what the type keeps beside what is stored of it.</summary>
    public void ReportHidden()
    {
        foreach (var member in Hidden)
        {
            var hint = IsPartial(type) ? " of a partial type (what another generator adds to it is not seen)" : "";
            findings.Add(
                Rules.NotStored,
                member,
                HiddenState.NameOf(member),
                (member switch { IFieldSymbol => "field", IParameterSymbol => "parameter that the type keeps", _ => "property" }) + hint);
        }
    }

    /// <param name="discriminator">What tells the type apart from others of its base type or interface.</param>
    /// <param name="isExact">Whether it is not to be written as the part of a derived type.</param>
    public ObjectShape? Parse(DiscriminatorModel? discriminator, bool isExact)
    {
        var properties = PropertyFinder.Find(type, compilation, findings);
        var constructor = type.IsValueType && type.InstanceConstructors.All(static constructor => constructor.IsImplicitlyDeclared)
            ? null
            : ConstructorChooser.Choose(type, compilation, findings);
        if (constructor is null && !type.IsValueType)
            return null;

        if (ParameterMatch.Find(constructor, properties, type, compilation, findings) is not { } parameters)
            return null;

        var setsRequired = constructor?.Has(Attributes.SetsRequiredMembers) ?? false;
        var faultOfState = FaultOfState(
            properties, property => AssignmentOf(property.Symbol, ParameterFor(property), setsRequired), setsRequired);
        if (faultOfState is { } fault)
        {
            findings.Add(Rules.UnsupportedType, type, type.ForMessage(), fault);
            return null;
        }

        var members = new List<MemberModel>();
        foreach (var property in properties)
        {
            if (property.IsIgnored)
            {
                if (PersonalDataParser.IsMarked(property.Symbol, type))
                    PersonalDataParser.Report(property.Symbol, PersonalDataParser.NotStored, findings);

                if (property.Symbol.IsRequired() && !setsRequired)
                    ReportRequired(property);
            }
            else if (ParseMember(property, ParameterFor(property), setsRequired) is { } member)
            {
                members.Add(
                    member with { PersonalData = PersonalDataParser.Parse(property, type, properties, form, compilation, findings) });
            }
        }

        PersonalDataParser.ReportOthers(type, properties, findings);
        InheritedAttributes.Report(type, properties, compilation, findings);
        ReportDuplicates(properties);
        RestRules.ReportOthers(members, properties, findings);
        if (discriminator is not null && members.Any(member => member.JsonName == discriminator.PropertyName))
            findings.Add(
                Rules.UnsupportedAttribute,
                type,
                "[JsonDerivedType]",
                type.ForMessage(),
                $"it has a property that is '{discriminator.PropertyName}' in JSON, which is the name of the discriminator");

        var identity = form == JsonForm.Document ? IdentityParser.Find(type, compilation) : null;
        return new ObjectShape(
            codecName,
            type.Bare(),
            type.IsValueType,
            members.ToEquatableArray(),
            parameters.Select(static match => match.ToArgument()).ToEquatableArray(),
            identity)
        {
            Discriminator = discriminator,
            IsExact = isExact,
            Unfinished = properties.Where(
                property => !setsRequired && property.Symbol.IsRequired() && TypeFaults.IsUnfinished(property.Type))
                .Select(static property => TypeNames.Escape(property.Symbol.Name))
                .ToEquatableArray(),
        };

        IParameterSymbol? ParameterFor(PropertyModel property) => parameters.FirstOrDefault(match => match.Property == property)?.Parameter;
    }

    /// <summary>Finds what is hidden. Returns what is wrong with the type as a whole; single members need not be looked at then.</summary>
    private string? FaultOfState(List<PropertyModel> properties, Func<PropertyModel, Assignment?> assignmentOf, bool setsRequired)
    {
        var isSeen = HiddenState.IsSeen(type, compilation);
        PropertyModel[] kept = [.. properties.Where(property => !property.IsIgnored && assignmentOf(property) != Assignment.Computed)];
        ISymbol[] hidden =
        [
            .. HiddenState.Find(
                type,
                properties,
                [.. kept.Where(property => assignmentOf(property) is not null).Select(static property => property.Symbol)],
                compilation)
                .Where(member => (!member.IsRequired() || setsRequired) && !member.Has(KnownTypes.PersonalDataAttribute)),
        ];
        Hidden = hidden;
        return (isSeen, hidden.Length) switch
        {
            (false, _) or (_, > 0) when OwnCollections.IsSequence(type) => OwnCollections.Refused,
            (_, 0) when properties.Count == 0 && IsPartial(type) =>
                "it is partial and declares no member, and members that another generator writes are not seen; " + WayOut,
            (false, 0) when kept.Length == 0 && !HiddenState.ShowsNothing(type) =>
                "none of its members is read back, and any other state of it is not seen; " + WayOut,
            _ => null,
        };
    }

    private void ReportRequired(PropertyModel property)
    {
        if (property.Symbol.Has(Attributes.JsonIgnore))
            findings.Add(
                Rules.UnsupportedAttribute, property.Symbol, "[JsonIgnore]", property.Symbol.ForMessage(), "the property is required");
        else
            findings.Add(
                Rules.UnsupportedMember,
                property.Symbol,
                property.Symbol.ForMessage(),
                property.Type.ForMessage(),
                "it is required, but neither public nor marked with [JsonInclude]");
    }

    private static bool IsPartial(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Any(
            static reference => reference.GetSyntax() is TypeDeclarationSyntax declaration
                && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    private MemberModel? ParseMember(PropertyModel model, IParameterSymbol? parameter, bool setsRequired)
    {
        var member = model.Symbol;
        if (TypeFaults.IsUnfinished(model.Type))
            return null;

        var propertyType = model.Type.Explicit(compilation);
        if (codecs.Resolve(member, propertyType, type, out var fault) is not { } codec)
        {
            findings.Add(Rules.UnsupportedMember, member, member.ForMessage(), model.Type.ForMessage(), fault);
            return null;
        }

        var isRequired = (member.IsRequired() && !setsRequired) || member.Has(Attributes.JsonRequired);
        var assignment = AssignmentOf(member, parameter, setsRequired);
        if (assignment is null)
        {
            findings.Add(Rules.NeverSet, member, member.ForMessage());
            return null;
        }

        var holdsRest = member.Has(Attributes.JsonExtensionData);
        var faultOfRest = holdsRest
            ? RestRules.Fault(member, model.Type, parameter, assignment.Value, PersonalDataParser.IsMarked(member, type))
            : null;
        if (faultOfRest is not null)
        {
            findings.Add(Rules.UnsupportedAttribute, member, "[JsonExtensionData]", member.ForMessage(), faultOfRest);
            return null;
        }

        var taken = assignment == Assignment.Initializer ? null : parameter;
        var isOfOtherType = ParameterMatch.IsOfOtherType(taken, model.Type);
        if (assignment == Assignment.None && ParameterEffects.Changes(member, parameter!, compilation))
        {
            findings.Add(
                Rules.UnmatchedParameter,
                member,
                type.ForMessage(),
                $"the value of the constructor's parameter '{parameter!.Name}' is not what '{member.ForMessage()}' holds, so it would be "
                    + "changed again when it is read; give the property an init accessor of the parameter's type");
            return null;
        }

        var lost = form == JsonForm.Event || model.Omission != Omission.Never
            ? OmissionRules.Fault(member, model.Type, parameter, compilation)
            : null;
        if (model.Omission != Omission.Never && lost is not null)
        {
            findings.Add(Rules.UnsupportedAttribute, member, "[JsonIgnore]", member.ForMessage(), lost);
            return null;
        }

        return new MemberModel(
            TypeNames.Escape(member.Name),
            model.JsonName,
            propertyType.Full(),
            isOfOtherType ? VariableTypeOf(taken!, model) : propertyType.Full(),
            codec,
            assignment.Value,
            model.Omission,
            model.Omission == Omission.Never
                && !holdsRest
                && (isRequired
                    || (parameter is { HasExplicitDefaultValue: false } && (!parameter.Type.MayBeNull() || IsOfTypeParameter(parameter)))),
            taken is { HasExplicitDefaultValue: true }
                ? Literals.DefaultOf(taken)
                : holdsRest && !model.Type.IsOptional() ? RestRules.None
                : DefaultOf(isOfOtherType ? taken!.Type : model.Type),
            holdsRest,
            GetterOf(member),
            assignment == Assignment.Accessor ? AccessorParser.Parse(member.Setter()!, compilation) : null,
            PersonalData: null)
        {
            MeansOther = lost is not null,
        };
    }

    private Assignment? AssignmentOf(ISymbol member, IParameterSymbol? parameter, bool setsRequired)
    {
        if (member.IsRequired() && !setsRequired)
            return Assignment.Initializer;

        if (parameter is not null
            && !(SymbolEqualityComparer.Default.Equals(parameter.Type, member.TypeOfValue())
                && ParameterEffects.MayChange(member, parameter, compilation)))
            return Assignment.None;

        if (member.Setter() is { } setter)
            return setter.IsFreelySet(compilation) ? Assignment.Setter : Assignment.Accessor;

        return parameter is not null ? Assignment.None : member.IsKept() ? null : Assignment.Computed;
    }

    private AccessorModel? GetterOf(ISymbol member)
    {
        var getter = member.Getter()!;
        return compilation.IsSymbolAccessibleWithin(getter, compilation.Assembly) ? null : AccessorParser.Parse(getter, compilation);
    }

    private void ReportDuplicates(List<PropertyModel> properties)
    {
        foreach (var group in properties.Where(static property => !property.IsIgnored).GroupBy(
            static property => property.JsonName, StringComparer.Ordinal))
        {
            if (group.Skip(1).FirstOrDefault() is { } second)
                findings.Add(
                    Rules.DuplicateProperty, second.Symbol, group.First().Symbol.ForMessage(), second.Symbol.ForMessage(), group.Key);
        }
    }

    private string VariableTypeOf(IParameterSymbol parameter, PropertyModel property)
    {
        var type = parameter.Type.Explicit(compilation);
        return type.IsReferenceType && property.Type.IsOptional() ? type.Bare() + "?" : type.Full();
    }

    private static string DefaultOf(ITypeSymbol type) => type.IsReferenceType && !type.IsOptional() ? "default!" : "default";

    // In a closed event every reference may be null, whatever its user wrote. In other types the user decides.
    private static bool IsOfTypeParameter(IParameterSymbol parameter) =>
        parameter.Type.IsReferenceType
            && parameter.OriginalDefinition.Type.AsksForValue()
            && parameter.ContainingType.Has(KnownTypes.EventAttribute);
}
