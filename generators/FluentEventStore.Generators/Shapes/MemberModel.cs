namespace FluentEventStore.Generators.Shapes;

/// <summary>How a value that was read reaches its member, beyond the constructor.</summary>
internal enum Assignment
{
    /// <summary>Only the constructor sets it.</summary>
    None,

    /// <summary>In the object initializer, as the compiler demands of required members.</summary>
    Initializer,

    /// <summary>By the setter or as a field, if the JSON held it.</summary>
    Setter,

    /// <summary>By an unsafe accessor to an init-only or private setter or a private field, if the JSON held it.</summary>
    Accessor,

    /// <summary>Never: the property is computed, so it is written only.</summary>
    Computed,
}

/// <summary>When a property is left out of the JSON; the values are those of JsonIgnoreCondition.</summary>
internal enum Omission
{
    Never = 0,
    WhenDefault = 2,
    WhenNull = 3,
}

/// <summary>A property or field.</summary>
/// <param name="Name">Its name in C#, escaped if it is a keyword.</param>
/// <param name="JsonName">Its name in JSON.</param>
/// <param name="TypeName">Its fully qualified type, with nullable annotations.</param>
/// <param name="VariableType">The type of its local variable in a reader: that of the constructor parameter if it is another one.</param>
/// <param name="Codec">The codec of its type.</param>
/// <param name="Assignment">How it is set.</param>
/// <param name="Omission">When it is not written.</param>
/// <param name="MustBePresent">Whether JSON without it is refused.</param>
/// <param name="Default">What its local variable begins with: the default of the constructor parameter, or that of the type.</param>
/// <param name="HoldsRest">Whether it holds the properties that the type does not know, which stand in the JSON beside the others.</param>
/// <param name="Getter">How its getter is reached, if C# does not let generated code call it.</param>
/// <param name="Accessor">How its setter is reached, if C# does not let generated code call it.</param>
/// <param name="PersonalData">Whose personal data it is; <see langword="null"/> if it is none.</param>
internal sealed record MemberModel(
    string Name,
    string JsonName,
    string TypeName,
    string VariableType,
    Codec Codec,
    Assignment Assignment,
    Omission Omission,
    bool MustBePresent,
    string Default,
    bool HoldsRest,
    AccessorModel? Getter,
    AccessorModel? Accessor,
    PersonalDataModel? PersonalData)
{
    /// <summary>Whether a missing one is read as something else than the default of its type, as far as the compiler tells.</summary>
    public bool MeansOther { get; init; }

    /// <summary>What it is in JSON, beside null. Personal data is an object that holds what is encrypted.</summary>
    public JsonTypes Json => PersonalData is null ? Codec.Json : JsonTypes.Object;

    /// <summary>The type of PostgreSQL that takes every value of it.</summary>
    public string Column => PersonalData is null ? Codec.Column : "text";
}

/// <summary>How a member that is personal data is written and read.</summary>
/// <param name="Subject">The member that says whose data it is, as an expression on the value.</param>
/// <param name="Replacement">What stands for it when its subject is forgotten.</param>
internal sealed record PersonalDataModel(string Subject, string Replacement);
