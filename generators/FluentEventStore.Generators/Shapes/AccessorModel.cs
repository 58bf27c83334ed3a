namespace FluentEventStore.Generators.Shapes;

/// <summary>An unsafe accessor to a getter, setter or field.</summary>
/// <param name="Member">The name of the getter, setter or field.</param>
/// <param name="IsField">Whether it is a field, which one accessor both reads and sets.</param>
/// <param name="Target">The type that declares it, open if it is generic.</param>
/// <param name="Value">The type of its value, in terms of the type parameters.</param>
/// <param name="Parameters">The type parameters in angle brackets; empty if the declaring type is not generic.</param>
/// <param name="Constraints">Their constraints.</param>
/// <param name="Arguments">What stands for them, in angle brackets.</param>
internal sealed record AccessorModel(
    string Member, bool IsField, string Target, string Value, string Parameters, string Constraints, string Arguments);
