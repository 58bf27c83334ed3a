namespace FluentEventStore;

/// <summary>Stored events of an assembly cannot be read any more, or its contract does not list them.</summary>
/// <remarks>Thrown by <see cref="EventContracts.Verify"/>, after it has looked at all versions of all events.</remarks>
public sealed class EventContractException : FluentEventStoreException
{
    /// <param name="assemblyName">The simple name of the assembly.</param>
    /// <param name="failures">All that is wrong: one or more.</param>
    public EventContractException(string assemblyName, IReadOnlyList<EventContractFailure> failures)
        : base($"The contract of the events of {assemblyName} is broken:\n{string.Join('\n', failures)}")
    {
        AssemblyName = assemblyName;
        Failures = [.. failures];
    }

    /// <summary>The simple name of the assembly.</summary>
    public string AssemblyName { get; }

    /// <summary>All that is wrong: one or more, by name and version.</summary>
    public IReadOnlyList<EventContractFailure> Failures { get; }
}
