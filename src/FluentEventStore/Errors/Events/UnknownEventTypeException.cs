namespace FluentEventStore;

/// <summary>A stored event is of a type that is not registered.</summary>
/// <remarks>
/// The stored event is as it was. The message says what is wrong. If the name is unknown: reference the assembly that declares it, add it
/// by <c>options.Events.AddAssembly</c>, or give the event's former name by <see cref="EventAliasAttribute"/>. If only the version is
/// unknown: a newer release wrote the event, or the type of an old shape or its upcaster is missing here.
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
    /// In which versions a type of this name is known to the process, in ascending order. Empty if the name itself is unknown.
    /// </summary>
    public IReadOnlyList<int> KnownVersions { get; }

    private static string Explain(in EventLocation location, IReadOnlyList<int> knownVersions)
    {
        if (knownVersions.Count == 0)
        {
            return "no event of this name is registered. Reference the assembly that declares it from a project in which the source "
                + "generator runs, or add it with options.Events.AddAssembly. "
                + $"If the event was renamed, mark it with [EventAlias(\"{location.TypeName}\")]. "
                + "If a newer release wrote it, read it with that release.";
        }

        var known = $"the event is known in version {string.Join(", ", knownVersions)}";
        return location.TypeVersion > knownVersions[^1]
            ? $"{known}. A newer release wrote it: read it with that release."
            : $"{known}. Declare the shape of version {location.TypeVersion} and an [Upcaster] for it, "
                + "or an [Upcaster] that takes its JSON.";
    }
}
