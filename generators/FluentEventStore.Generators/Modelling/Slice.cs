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
    IncrementalValuesProvider<Finding> Findings);

/// <summary>What is wrong with one attributed type, and the names by which it could clash with another.</summary>
internal sealed record Finding(EquatableArray<Diagnostic> Diagnostics, EquatableArray<StoredName> Names, Location Location)
{
    public static Finding Of<T>(Parsed<T> parsed, Func<T, EquatableArray<StoredName>> names)
        where T : class, IEquatable<T> => new(parsed.Diagnostics, parsed.Model is { } model ? names(model) : default, parsed.Location);
}

internal static class SliceSteps
{
    /// <summary>The models alone, without what is wrong with the others.</summary>
    public static IncrementalValuesProvider<T> Models<T>(this IncrementalValuesProvider<Parsed<T>> parsed, string step)
        where T : class, IEquatable<T> =>
        parsed.Where(static result => result.Model is not null).Select(static (result, _) => result.Model!).WithTrackingName(step);

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
