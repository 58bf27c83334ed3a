using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Projections;

/// <summary>A type of projections that do what they want with documents.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="Version">Its version.</param>
/// <param name="IsOfStore">Whether its documents are of all tenants together.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="Part">Where the dispatch is added.</param>
/// <param name="Cases">The cases of Project.</param>
/// <param name="EventTypes">The types of events to ask for; <c>object</c> stands for every event.</param>
/// <param name="DocumentTypes">The types of documents that it writes.</param>
internal sealed record OperationModel(
    string Name,
    int Version,
    bool IsOfStore,
    string TypeName,
    string HintName,
    PartialType Part,
    EquatableArray<CaseModel> Cases,
    EquatableArray<string> EventTypes,
    EquatableArray<string> DocumentTypes);
