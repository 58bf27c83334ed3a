using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Shapes;

/// <summary>An enum, written by names.</summary>
internal sealed record EnumShape(string CodecName, string TypeName, string NumberType, bool IsFlags, EquatableArray<EnumNameModel> Names)
    : Shape(CodecName, TypeName);

/// <summary>A value of an enum.</summary>
/// <param name="Value">The value, as an expression.</param>
/// <param name="JsonName">Its name in JSON.</param>
internal sealed record EnumNameModel(string Value, string JsonName);
