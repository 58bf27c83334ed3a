using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Shapes;

/// <summary>The types that one event, document, message or aggregate is made of, itself included.</summary>
/// <param name="Holder">Names the holder: what it is, and its fully qualified type.</param>
/// <param name="Shapes">The types.</param>
internal sealed record HeldShapes(string Holder, EquatableArray<Shape> Shapes);
