using FluentEventStore.Generators.Pipeline;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Shapes;

/// <summary>What the slice of one attribute hands to the parts that all slices share.</summary>
/// <param name="Registrations">What the catalog says about its types.</param>
/// <param name="Shapes">The types that need codecs, by the types that hold them.</param>
/// <param name="Findings">What is wrong with its types, and the names that they claim.</param>
internal readonly record struct Slice(
    IncrementalValuesProvider<Registration> Registrations,
    IncrementalValuesProvider<HeldShapes> Shapes,
    IncrementalValuesProvider<Finding> Findings)
{
    /// <summary>The slice of types that are stored: each is registered, and made of shapes.</summary>
    public static Slice Of<T>(
        IncrementalValuesProvider<Parsed<T>> parsed,
        IncrementalValuesProvider<T> models,
        Func<T, Registration> register,
        Func<T, HeldShapes> hold)
        where T : class, IEquatable<T> => new(
        models.Select((model, _) => register(model)),
        models.Select((model, _) => hold(model)),
        parsed.Findings(model => register(model).Names));
}
