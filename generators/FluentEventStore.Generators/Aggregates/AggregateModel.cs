using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>A type of aggregates.</summary>
/// <param name="Name">The stored name.</param>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="Part">Where the dispatch is added.</param>
/// <param name="HidesBase">Whether a base type is an aggregate too, whose dispatch this one hides.</param>
/// <param name="Fold">Its methods.</param>
/// <param name="Identity">How it is kept as a document; <see langword="null"/> if it has no suitable Id.</param>
/// <param name="Hidden">What it keeps and a snapshot would not hold, as messages name it.</param>
/// <param name="Key">Its natural key; <see langword="null"/> if no method says one.</param>
/// <param name="Shapes">The types it is made of, itself included; empty if it has no suitable Id.</param>
internal sealed record AggregateModel(
    string Name,
    string TypeName,
    string HintName,
    PartialType Part,
    bool HidesBase,
    FoldModel Fold,
    SnapshotModel? Identity,
    EquatableArray<string> Hidden,
    NaturalKeyModel? Key,
    EquatableArray<Shape> Shapes);

/// <summary>How an aggregate is kept as a document.</summary>
internal sealed record SnapshotModel(string IdTypeName, ObjectCodec Codec);
