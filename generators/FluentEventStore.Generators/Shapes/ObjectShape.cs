using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Shapes;

/// <summary>A record, class or struct.</summary>
internal sealed record ObjectShape(
    string CodecName,
    string TypeName,
    bool IsValueType,
    EquatableArray<MemberModel> Members,
    EquatableArray<ArgumentModel> Arguments,
    IdentityModel? Identity) : Shape(CodecName, TypeName)
{
    /// <summary>Whether a value of a derived type is refused: only the part that this type knows would be written.</summary>
    public bool IsExact { get; init; }

    /// <summary>What it writes first, if it is one of several types that a base type or interface lists.</summary>
    public DiscriminatorModel? Discriminator { get; init; }

    /// <summary>The required members whose types are not there yet.</summary>
    public EquatableArray<string> Unfinished { get; init; }

    /// <summary>Whether a property of the type itself is personal data.</summary>
    public bool HoldsPersonalData => Members.Any(static member => member.PersonalData is not null);
}

/// <summary>The property that says which type a value is.</summary>
/// <param name="PropertyName">Its name in JSON.</param>
/// <param name="Value">The text or number that stands for the type, as a literal.</param>
/// <param name="Json">The same as JSON, as a UTF-8 literal.</param>
internal sealed record DiscriminatorModel(string PropertyName, string Value, string Json);

/// <summary>An argument of the constructor.</summary>
/// <param name="Member">The member whose value it takes; <see langword="null"/> if it is always <paramref name="Literal"/>.</param>
/// <param name="Literal">The value of a parameter whose property is ignored.</param>
/// <param name="Forgiving">Whether the member may be null where the parameter's annotation says otherwise.</param>
internal sealed record ArgumentModel(string? Member, string? Literal, bool Forgiving);
