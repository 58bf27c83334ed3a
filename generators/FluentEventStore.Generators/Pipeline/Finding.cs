using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Pipeline;

/// <summary>What is wrong with one attributed type, and the names by which it could clash with another.</summary>
internal sealed record Finding(EquatableArray<Diagnostic> Diagnostics, EquatableArray<StoredName> Names, Location Location);
