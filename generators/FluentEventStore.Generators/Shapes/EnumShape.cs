using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Shapes;

/// <summary>An enum, written by names.</summary>
internal sealed record EnumShape(string CodecName, string TypeName, string NumberType, bool IsFlags, EquatableArray<EnumNameModel> Names)
    : Shape(CodecName, TypeName);

/// <summary>An enum that is written by numbers, for the contract alone: the library has its codec.</summary>
/// <param name="CodecName">A name of its own.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="Names">Each number and its name.</param>
internal sealed record NumbersShape(string CodecName, string TypeName, EquatableArray<string> Names) : Shape(CodecName, TypeName);

/// <summary>A value of an enum.</summary>
/// <param name="Value">The value, as an expression.</param>
/// <param name="JsonName">Its name in JSON.</param>
internal sealed record EnumNameModel(string Value, string JsonName);
