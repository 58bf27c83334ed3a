using FluentEventStore.Generators.Modelling;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>A type of aggregates.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="Part">Where the dispatch is added.</param>
/// <param name="CanBegin">Whether it has a constructor without parameters, from which an event that only Apply takes can begin.</param>
/// <param name="Cases">The events it takes, derived types before their base types.</param>
/// <param name="Identity">How it is kept as a document; <see langword="null"/> where it has no suitable Id.</param>
/// <param name="Shapes">The types it is made of, itself included; empty where it has no suitable Id.</param>
internal sealed record AggregateModel(
    string Name,
    string TypeName,
    string HintName,
    PartialType Part,
    bool CanBegin,
    EquatableArray<CaseModel> Cases,
    SnapshotModel? Identity,
    EquatableArray<Shape> Shapes);

/// <summary>How an aggregate is kept as a document.</summary>
internal sealed record SnapshotModel(string IdTypeName, string Codec);

/// <summary>The methods for one type of events.</summary>
internal sealed record CaseModel(string EventTypeName, CallModel? Create, CallModel? Apply, CallModel? ShouldDelete);

/// <summary>What is passed for a parameter.</summary>
internal enum Argument
{
    Data,
    Event,
    State,
}

/// <summary>How a method of an aggregate is called.</summary>
internal sealed record CallModel(string Method, bool IsStatic, bool ReturnsVoid, EquatableArray<CallArgument> Arguments)
{
    public bool NeedsState => !IsStatic || Arguments.Any(static argument => argument.Kind == Argument.State);
}

/// <summary>An argument of a call; a record, since the items of an <see cref="EquatableArray{T}"/> compare themselves.</summary>
internal sealed record CallArgument(Argument Kind);
