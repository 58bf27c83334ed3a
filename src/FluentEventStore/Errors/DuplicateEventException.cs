namespace FluentEventStore;

/// <summary>
/// Event ids of the unit of work exist in the store, but not as the same unit: only some of them exist, or they have another stream, type
/// or order. Or the unit repeats an id.
/// </summary>
/// <remarks>Nothing was written. A unit that exists as a whole is no error: saving it again returns its first commit.</remarks>
/// <param name="eventIds">The ids that exist already or are repeated: one or more, in the order of the unit of work.</param>
/// <exception cref="ArgumentException">There is no id.</exception>
public sealed class DuplicateEventException(IReadOnlyList<Guid> eventIds) : FluentEventStoreException(Describe(eventIds))
{
    /// <summary>The ids that exist already or are repeated, in the order of the unit of work.</summary>
    public IReadOnlyList<Guid> EventIds { get; } = [.. eventIds];

    private static string Describe(IReadOnlyList<Guid> eventIds) => eventIds is [var first, ..]
        ? $"{eventIds.Count} event id(s) of the unit of work exist already or are repeated in it; the first is {first}."
        : throw new ArgumentException("Name at least one event id.", nameof(eventIds));
}
