using FluentEventStore.Generators.Catalog;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Modelling;

/// <summary>What is wrong with one attributed type, and the names by which it could clash with another.</summary>
internal sealed record Findable(EquatableArray<Diagnostic> Diagnostics, EquatableArray<StoredName> Names, Location Location)
{
    public static Findable Of<T>(Parsed<T> parsed, Func<T, EquatableArray<StoredName>> names)
        where T : class, IEquatable<T> => new(parsed.Diagnostics, parsed.Model is { } model ? names(model) : default, parsed.Location);
}

/// <summary>What the slice of one attribute hands to the parts that all slices share.</summary>
internal readonly record struct Slice(
    IncrementalValuesProvider<Registration> Registrations,
    IncrementalValuesProvider<EquatableArray<Shape>> Shapes,
    IncrementalValuesProvider<Findable> Findings);
