using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Contracts;

/// <summary>One version of an event in a contract.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="Version">Which shape of the named event it is.</param>
/// <param name="TypeName">
/// The type that is read from it, or was before an upcaster took its place; empty if the file does not say.
/// </param>
/// <param name="Properties">What its JSON holds, by path.</param>
/// <param name="Sample">The JSON of one stored event; empty if there is none.</param>
/// <param name="Line">The line of the file that it begins on, from 0; 0 outside a file.</param>
internal sealed record ContractEntryModel(
    string Name, int Version, string TypeName, EquatableArray<ContractPropertyModel> Properties, string Sample, int Line)
{
    public (string Name, int Version) Key => (Name, Version);
}

/// <summary>One property.</summary>
/// <param name="Path">Where it stands: <c>lines[].price</c>.</param>
/// <param name="Description">What it holds, in the words of a <see cref="ContractMember"/>.</param>
/// <param name="Member">The property of the event's type that it is, or is within; empty if that is not known.</param>
internal sealed record ContractPropertyModel(string Path, string Description, string Member)
{
    /// <summary>Whether a missing one is read as something else than the default of its type; no file says so.</summary>
    public bool MeansOther { get; init; }
}
