using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Contracts;

/// <summary>How the shape of an event differs from what its contract says.</summary>
/// <param name="Rule">The rule that reports it.</param>
/// <param name="Path">Where in the JSON.</param>
/// <param name="Details">What the message says beside the event and the path.</param>
internal sealed record ContractDifference(DiagnosticDescriptor Rule, string Path, params string[] Details);
