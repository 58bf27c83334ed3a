using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>How a state is folded from events, by the methods Create, Apply and ShouldDelete.</summary>
/// <param name="StateType">The fully qualified type of the state.</param>
/// <param name="CanBegin">Whether it has a constructor without parameters, from which an event that only Apply takes can begin.</param>
/// <param name="Creates">The cases of Create.</param>
/// <param name="Applies">The cases of Apply.</param>
/// <param name="Deletes">The cases of ShouldDelete.</param>
/// <param name="Evolves">The cases of Evolve; if there are any, there are no others.</param>
/// <param name="EventTypes">The types of events it takes, without those that a base type or interface among them covers.</param>
internal sealed record FoldModel(
    string StateType,
    bool CanBegin,
    EquatableArray<CaseModel> Creates,
    EquatableArray<CaseModel> Applies,
    EquatableArray<CaseModel> Deletes,
    EquatableArray<CaseModel> Evolves,
    EquatableArray<string> EventTypes)
{
    /// <summary>Whether a method takes every event.</summary>
    public bool TakesEveryEvent => Creates.Concat(Applies).Concat(Deletes).Concat(Evolves).Any(static item => item.TypeName is null);

    /// <summary>The types to ask for; <c>object</c> stands for every event.</summary>
    public IEnumerable<string> TakenTypes => TakesEveryEvent ? ["object"] : EventTypes;
}
