using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Pipeline;

/// <summary>
/// What became of one attributed type: a model, or the reasons why there is none. Only the model feeds source; the diagnostics keep their
/// locations in the syntax tree, so that a pragma still reaches them.
/// </summary>
internal sealed record Parsed<T>(T? Model, EquatableArray<Diagnostic> Diagnostics, Location Location)
    where T : class, IEquatable<T>;
