namespace FluentEventStore.Generators.Shapes;

/// <summary>The identity of a document.</summary>
/// <param name="TypeName">The type of its value: Guid, string, int or long.</param>
/// <param name="Name">The property.</param>
/// <param name="Wrapped">The typed id that the property is; <see langword="null"/> if it is the value itself.</param>
/// <param name="Accessor">How its setter is reached, if C# does not let generated code call it.</param>
internal sealed record IdentityModel(string TypeName, string Name, WrappedIdModel? Wrapped, AccessorModel? Accessor);

/// <summary>A typed id and the property that it wraps.</summary>
internal sealed record WrappedIdModel(string TypeName, string ValueName);
