namespace FluentEventStore;

/// <summary>A stored event has a type that no registered type has.</summary>
/// <remarks>
/// The stored event is as it was. The message says which of these holds: nothing is known by the name, and the assembly that declares it is
/// to be referenced, added by <c>options.Events.AddAssembly</c>, or the event's former name given by <see cref="EventAliasAttribute"/>; or
/// the name is known in other versions, and either a newer release wrote the event, or the type of an old shape or its upcaster is missing
/// here.
/// </remarks>
public sealed class UnknownEventTypeException : EventException
{
    /// <param name="location">The event.</param>
    /// <param name="knownVersions">In which versions a type of this name is known, in ascending order.</param>
    public UnknownEventTypeException(EventLocation location, IReadOnlyList<int> knownVersions)
        : base(location, $"{location}: {Explain(location, knownVersions)}")
    {
        KnownVersions = [.. knownVersions];
    }

    /// <summary>
    /// In which versions a type of this name is known to the process, in ascending order. Empty where the name itself is unknown.
    /// </summary>
    public IReadOnlyList<int> KnownVersions { get; }

    private static string Explain(in EventLocation location, IReadOnlyList<int> knownVersions)
    {
        if (knownVersions.Count == 0)
        {
            return "no event of this name is registered. Reference the assembly that declares it from a project that the source generator "
                + "runs in, or add it by "
                + $"options.Events.AddAssembly; where the event was renamed, mark it with [EventAlias(\"{location.TypeName}\")]; where a "
                + "newer release wrote it, read it with that one.";
        }

        var known = $"the event is known in version {string.Join(", ", knownVersions)}";
        return location.TypeVersion > knownVersions[^1]
            ? $"{known}. A newer release wrote it: read it with that one."
            : $"{known}. Declare the shape of version {location.TypeVersion} and an [Upcaster] for it, or an [Upcaster] that takes its JSON.";
    }
}
