using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Handlers;

/// <summary>A handler of events.</summary>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="Part">Where the dispatch is added.</param>
/// <param name="Cases">The cases of Handle.</param>
/// <param name="EventTypes">The types of events it takes, without those that a base type or interface among them covers.</param>
internal sealed record HandlerModel(string HintName, PartialType Part, EquatableArray<CaseModel> Cases, EquatableArray<string> EventTypes);
