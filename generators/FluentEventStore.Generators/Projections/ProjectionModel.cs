using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Projections;

/// <summary>A type of projections that keep views of many streams.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="Version">Its version.</param>
/// <param name="IsOfStore">Whether its views are of all tenants together.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="Part">Where the dispatch is added.</param>
/// <param name="Fold">How a view is folded.</param>
/// <param name="Identity">The cases of Identity.</param>
/// <param name="Identities">The cases of Identities.</param>
/// <param name="IdValue">The property of a typed id that holds its value; <see langword="null"/> if ids are plain.</param>
/// <param name="EventTypes">The types of events to ask for; <c>object</c> stands for every event.</param>
internal sealed record ProjectionModel(
    string Name,
    int Version,
    bool IsOfStore,
    string TypeName,
    string HintName,
    PartialType Part,
    FoldModel Fold,
    EquatableArray<CaseModel> Identity,
    EquatableArray<CaseModel> Identities,
    string? IdValue,
    EquatableArray<string> EventTypes);
