namespace FluentEventStore.Generators.Modelling;

/// <summary>The two forms of JSON: a DateTimeOffset keeps its offset in events and is UTC in documents.</summary>
internal enum JsonForm
{
    Event,
    Document,
}

/// <summary>A type for which a codec is generated. It follows from the type and the form alone, whichever event or document holds it.</summary>
/// <param name="CodecName">The name of the generated struct, unique in the compilation.</param>
/// <param name="TypeName">The fully qualified type.</param>
internal abstract record Shape(string CodecName, string TypeName)
{
    /// <summary>The name of the file, which differs from that of every other file by more than case.</summary>
    public string HintName { get; init; } = CodecName;
}

/// <summary>A record, class or struct.</summary>
internal sealed record ObjectShape(
    string CodecName,
    string TypeName,
    bool IsValueType,
    EquatableArray<MemberModel> Members,
    EquatableArray<ArgumentModel> Arguments,
    IdentityModel? Identity) : Shape(CodecName, TypeName)
{
    /// <summary>Whether a property of the type itself is personal data.</summary>
    public bool HoldsPersonalData => Members.Any(static member => member.PersonalData is not null);
}

/// <summary>An enum, written by names.</summary>
internal sealed record EnumShape(string CodecName, string TypeName, string NumberType, bool IsFlags, EquatableArray<EnumNameModel> Names)
    : Shape(CodecName, TypeName);

/// <summary>A typed id, written as the one value that it wraps.</summary>
internal sealed record WrapperShape(string CodecName, string TypeName, string ValueName, string ValueCodec, string KeyCodec) : Shape(CodecName, TypeName);

internal sealed record EnumNameModel(string MemberName, string JsonName);

/// <summary>How a value that was read reaches its member, beyond the constructor.</summary>
internal enum Assignment
{
    /// <summary>Only the constructor sets it.</summary>
    None,

    /// <summary>In the object initializer, as the compiler demands of required members.</summary>
    Initializer,

    /// <summary>By the setter, if the JSON held it.</summary>
    Setter,

    /// <summary>By an unsafe accessor to an init-only or private setter, if the JSON held it.</summary>
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

/// <summary>A property.</summary>
/// <param name="Name">Its name in C#, escaped where it is a keyword.</param>
/// <param name="JsonName">Its name in JSON.</param>
/// <param name="TypeName">Its fully qualified type, with nullable annotations.</param>
/// <param name="Codec">The codec of its type.</param>
/// <param name="Assignment">How it is set.</param>
/// <param name="Omission">When it is not written.</param>
/// <param name="MustBePresent">Whether JSON without it is refused.</param>
/// <param name="Default">What its local variable begins with: the default of the constructor parameter, or that of the type.</param>
/// <param name="HoldsRest">Whether it holds the properties that the type does not know, which stand in the JSON beside the others.</param>
/// <param name="Accessor">How its setter is reached, where C# does not let generated code call it.</param>
/// <param name="PersonalData">Whose personal data it is; <see langword="null"/> where it is none.</param>
internal sealed record MemberModel(
    string Name,
    string JsonName,
    string TypeName,
    string Codec,
    Assignment Assignment,
    Omission Omission,
    bool MustBePresent,
    string Default,
    bool HoldsRest,
    AccessorModel? Accessor,
    PersonalDataModel? PersonalData);

/// <summary>How a member that is personal data is written and read.</summary>
/// <param name="Subject">The member that says whose data it is, as an expression on the value.</param>
/// <param name="Replacement">What stands for it when its subject is forgotten.</param>
internal sealed record PersonalDataModel(string Subject, string Replacement);

/// <summary>An argument of the constructor.</summary>
/// <param name="Member">The member whose value it takes; <see langword="null"/> where it is always <paramref name="Literal"/>.</param>
/// <param name="Literal">The value of a parameter whose property is ignored.</param>
/// <param name="Forgiving">Whether the member may be null where the parameter's annotation says otherwise.</param>
internal sealed record ArgumentModel(string? Member, string? Literal, bool Forgiving);

/// <summary>The identity of a document.</summary>
internal sealed record IdentityModel(string TypeName, string Name, AccessorModel? Accessor);

/// <summary>An unsafe accessor to a setter.</summary>
/// <param name="Method">The setter.</param>
/// <param name="Target">The type that declares it, open where it is generic.</param>
/// <param name="Value">The type of its value, in terms of the type parameters.</param>
/// <param name="Parameters">The type parameters in angle brackets; empty where the declaring type is not generic.</param>
/// <param name="Constraints">Their constraints.</param>
/// <param name="Arguments">What stands for them, in angle brackets.</param>
internal sealed record AccessorModel(string Method, string Target, string Value, string Parameters, string Constraints, string Arguments);
