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
internal abstract record Shape(string CodecName, string TypeName);

/// <summary>A record, class or struct.</summary>
internal sealed record ObjectShape(
    string CodecName,
    string TypeName,
    bool IsValueType,
    EquatableArray<MemberModel> Members,
    EquatableArray<ArgumentModel> Arguments,
    IdentityModel? Identity) : Shape(CodecName, TypeName)
{
    /// <summary>Whether a value of a derived type is refused, of which only the part that the type knows would be written.</summary>
    public bool IsExact { get; init; }

    /// <summary>What it writes first, where it is one of several types that a base type or interface lists.</summary>
    public DiscriminatorModel? Discriminator { get; init; }

    /// <summary>The required members whose types are not there yet.</summary>
    public EquatableArray<string> Unfinished { get; init; }

    /// <summary>Whether a property of the type itself is personal data.</summary>
    public bool HoldsPersonalData => Members.Any(static member => member.PersonalData is not null);
}

/// <summary>An enum, written by names.</summary>
internal sealed record EnumShape(string CodecName, string TypeName, string NumberType, bool IsFlags, EquatableArray<EnumNameModel> Names)
    : Shape(CodecName, TypeName);

/// <summary>An enum that is written by numbers, for the contract alone: the library has its codec.</summary>
/// <param name="CodecName">A name of its own.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="Names">Each number and its name.</param>
internal sealed record NumbersShape(string CodecName, string TypeName, EquatableArray<string> Names) : Shape(CodecName, TypeName);

/// <summary>A typed id, written as the one value that it wraps.</summary>
internal sealed record WrapperShape(string CodecName, string TypeName, string ValueName, string ValueCodec, string KeyCodec) : Shape(CodecName, TypeName);

/// <summary>A base type or interface whose values are told apart by a property of the JSON.</summary>
/// <param name="CodecName">The name of the generated struct.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="PropertyName">The property that says which type a value is.</param>
/// <param name="BaseCodec">The codec of the type itself; <see langword="null"/> where it is abstract.</param>
/// <param name="Unlisted">What is done with a value whose type is not listed.</param>
/// <param name="IgnoresUnknown">Whether what names no type is read as the base type.</param>
/// <param name="Derived">The types that it lists.</param>
internal sealed record PolymorphicShape(
    string CodecName, string TypeName, string PropertyName, string? BaseCodec, Unlisted Unlisted, bool IgnoresUnknown, EquatableArray<DerivedModel> Derived)
    : Shape(CodecName, TypeName);

/// <summary>What is written of a value whose type is not listed; the values are those of JsonUnknownDerivedTypeHandling.</summary>
internal enum Unlisted
{
    Refused = 0,
    AsBase = 1,
    AsNearest = 2,
}

/// <summary>A type that a base type or interface lists.</summary>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="Codec">Its fully qualified codec as one of these.</param>
/// <param name="Discriminator">The text or number that stands for it, as a literal; <see langword="null"/> where there is none.</param>
/// <param name="Depth">How many base types it has.</param>
internal sealed record DerivedModel(string TypeName, string Codec, string? Discriminator, int Depth);

/// <summary>The property that says which type a value is.</summary>
/// <param name="PropertyName">Its name in JSON.</param>
/// <param name="Value">The text or number that stands for the type, as a literal.</param>
/// <param name="Json">The same as JSON, as a UTF-8 literal.</param>
internal sealed record DiscriminatorModel(string PropertyName, string Value, string Json);

/// <summary>A value of an enum.</summary>
/// <param name="Value">The value, as an expression.</param>
/// <param name="JsonName">Its name in JSON.</param>
internal sealed record EnumNameModel(string Value, string JsonName);

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
/// <param name="Name">Its name in C#, escaped where it is a keyword.</param>
/// <param name="JsonName">Its name in JSON.</param>
/// <param name="TypeName">Its fully qualified type, with nullable annotations.</param>
/// <param name="VariableType">The type of its local variable in a reader: that of the constructor parameter where it is another one.</param>
/// <param name="Codec">The codec of its type.</param>
/// <param name="Assignment">How it is set.</param>
/// <param name="Omission">When it is not written.</param>
/// <param name="MustBePresent">Whether JSON without it is refused.</param>
/// <param name="Default">What its local variable begins with: the default of the constructor parameter, or that of the type.</param>
/// <param name="HoldsRest">Whether it holds the properties that the type does not know, which stand in the JSON beside the others.</param>
/// <param name="Getter">How its getter is reached, where C# does not let generated code call it.</param>
/// <param name="Accessor">How its setter is reached, where C# does not let generated code call it.</param>
/// <param name="PersonalData">Whose personal data it is; <see langword="null"/> where it is none.</param>
internal sealed record MemberModel(
    string Name,
    string JsonName,
    string TypeName,
    string VariableType,
    string Codec,
    Assignment Assignment,
    Omission Omission,
    bool MustBePresent,
    string Default,
    bool HoldsRest,
    AccessorModel? Getter,
    AccessorModel? Accessor,
    PersonalDataModel? PersonalData)
{
    /// <summary>Whether it is read as something else than the default of its type where it is missing, as far as the compiler tells.</summary>
    public bool MeansOther { get; init; }
}

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
/// <param name="TypeName">The type of its value: Guid, string, int or long.</param>
/// <param name="Name">The property.</param>
/// <param name="Wrapped">The typed id that the property is; <see langword="null"/> where it is the value itself.</param>
/// <param name="Accessor">How its setter is reached, where C# does not let generated code call it.</param>
internal sealed record IdentityModel(string TypeName, string Name, WrappedIdModel? Wrapped, AccessorModel? Accessor);

/// <summary>A typed id and the property that it wraps.</summary>
internal sealed record WrappedIdModel(string TypeName, string ValueName);

/// <summary>An unsafe accessor to a getter, setter or field.</summary>
/// <param name="Member">The name of the getter, setter or field.</param>
/// <param name="IsField">Whether it is a field, which one accessor both reads and sets.</param>
/// <param name="Target">The type that declares it, open where it is generic.</param>
/// <param name="Value">The type of its value, in terms of the type parameters.</param>
/// <param name="Parameters">The type parameters in angle brackets; empty where the declaring type is not generic.</param>
/// <param name="Constraints">Their constraints.</param>
/// <param name="Arguments">What stands for them, in angle brackets.</param>
internal sealed record AccessorModel(string Member, bool IsField, string Target, string Value, string Parameters, string Constraints, string Arguments);
