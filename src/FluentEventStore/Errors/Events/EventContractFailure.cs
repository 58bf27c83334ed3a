namespace FluentEventStore;

/// <summary>What is wrong with one version of an event, by the contract of its assembly.</summary>
/// <param name="TypeName">The stored name of the event; empty if the assembly as a whole has no contract.</param>
/// <param name="TypeVersion">Which shape of the named event it is; 0 if the assembly as a whole has no contract.</param>
/// <param name="Path">Where in the sample, for instance <c>$.lines[2].price</c>; <c>$</c> if it concerns the whole.</param>
/// <param name="Reason">What is wrong there.</param>
public sealed record EventContractFailure(string TypeName, int TypeVersion, string Path, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => TypeName.Length == 0 ? Reason : $"'{TypeName}' in version {TypeVersion} at {Path}: {Reason}";
}
