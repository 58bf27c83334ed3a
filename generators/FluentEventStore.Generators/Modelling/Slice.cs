using FluentEventStore.Generators.Catalog;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Modelling;

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
        IncrementalValuesProvider<Parsed<T>> parsed, IncrementalValuesProvider<T> models, Func<T, Registration> register, Func<T, HeldShapes> hold)
        where T : class, IEquatable<T> => new(
        models.Select((model, _) => register(model)),
        models.Select((model, _) => hold(model)),
        parsed.Findings(model => register(model).Names));
}

/// <summary>What is wrong with one attributed type, and the names by which it could clash with another.</summary>
internal sealed record Finding(EquatableArray<Diagnostic> Diagnostics, EquatableArray<StoredName> Names, Location Location);

internal static class SliceSteps
{
    /// <summary>The models alone, without what is wrong with the others.</summary>
    public static IncrementalValuesProvider<T> Models<T>(this IncrementalValuesProvider<Parsed<T>> parsed, string step)
        where T : class, IEquatable<T> =>
        parsed.Where(static result => result.Model is not null).Select(static (result, _) => result.Model!).WithTrackingName(step);

    /// <summary>What is wrong with the types, and the names that they claim, if any.</summary>
    public static IncrementalValuesProvider<Finding> Findings<T>(this IncrementalValuesProvider<Parsed<T>> parsed, Func<T, EquatableArray<StoredName>>? names = null)
        where T : class, IEquatable<T> =>
        parsed.Select((result, _) => new Finding(result.Diagnostics, names is not null && result.Model is { } model ? names(model) : default, result.Location));

    /// <summary>The items of several slices as one.</summary>
    public static IncrementalValueProvider<EquatableArray<T>> Gather<T>(params IncrementalValuesProvider<T>[] slices)
        where T : IEquatable<T>
    {
        var all = slices[0].Collect().Select(static (items, _) => items.ToEquatableArray());
        foreach (var slice in slices.Skip(1))
        {
            all = all.Combine(slice.Collect()).Select(static (pair, _) => pair.Left.Concat(pair.Right).ToEquatableArray());
        }

        return all;
    }
}
