using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Deciders;

/// <summary>A decider.</summary>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="Part">Where the dispatch is added.</param>
/// <param name="Accessibility">
/// Of a static class: that of the property which holds the decider; <see langword="null"/> where the type is one itself.
/// </param>
/// <param name="StateTypeName">The fully qualified type of the state, with a question mark where it may be null.</param>
/// <param name="Decisions">The cases of Decide.</param>
/// <param name="Evolutions">The cases of Evolve.</param>
/// <param name="AggregateTypeName">The aggregate that is the state and folds itself; <see langword="null"/> where Evolve does.</param>
internal sealed record DeciderModel(
    string TypeName,
    string HintName,
    PartialType Part,
    string? Accessibility,
    string StateTypeName,
    EquatableArray<CaseModel> Decisions,
    EquatableArray<CaseModel> Evolutions,
    string? AggregateTypeName);
