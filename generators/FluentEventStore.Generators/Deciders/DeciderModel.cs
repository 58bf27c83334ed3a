using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Deciders;

/// <summary>A decider.</summary>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="Part">Where the dispatch is added.</param>
/// <param name="Accessibility">
/// The accessibility of the property that holds the decider of a static class; <see langword="null"/> if the type is the decider itself.
/// </param>
/// <param name="StateTypeName">The fully qualified type of the state, with a question mark if it may be null.</param>
/// <param name="Decisions">The cases of Decide.</param>
/// <param name="Evolutions">The cases of Evolve.</param>
/// <param name="AggregateTypeName">The aggregate that is the state and folds itself; <see langword="null"/> if Evolve folds it.</param>
internal sealed record DeciderModel(
    string TypeName,
    string HintName,
    PartialType Part,
    string? Accessibility,
    string StateTypeName,
    EquatableArray<CaseModel> Decisions,
    EquatableArray<CaseModel> Evolutions,
    string? AggregateTypeName);
