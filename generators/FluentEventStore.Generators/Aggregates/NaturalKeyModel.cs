using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>The natural key of an aggregate.</summary>
/// <param name="TypeName">The fully qualified type of the key.</param>
/// <param name="Text">The key as it is stored, as an expression over <c>key</c>.</param>
/// <param name="Cases">The methods that say it.</param>
/// <param name="EventTypes">The types of events that they take.</param>
internal sealed record NaturalKeyModel(string TypeName, string Text, EquatableArray<CaseModel> Cases, EquatableArray<string> EventTypes);
