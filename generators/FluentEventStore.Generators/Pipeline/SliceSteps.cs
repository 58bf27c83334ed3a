using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Pipeline;

internal static class SliceSteps
{
    /// <summary>The models alone, without what is wrong with the others.</summary>
    public static IncrementalValuesProvider<T> Models<T>(this IncrementalValuesProvider<Parsed<T>> parsed, string step)
        where T : class, IEquatable<T> =>
        parsed.Where(static result => result.Model is not null).Select(static (result, _) => result.Model!).WithTrackingName(step);

    /// <summary>What is wrong with the types, and the names that they claim, if any.</summary>
    public static IncrementalValuesProvider<Finding> Findings<T>(
        this IncrementalValuesProvider<Parsed<T>> parsed, Func<T, EquatableArray<StoredName>>? names = null)
        where T : class, IEquatable<T> =>
        parsed.Select(
            (result, _) => new Finding(
                result.Diagnostics, names is not null && result.Model is { } model ? names(model) : default, result.Location));

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
