using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.StreamIds;

/// <summary>A typed id of streams.</summary>
/// <param name="TypeName">The fully qualified type.</param>
/// <param name="HintName">The name of its generated file.</param>
/// <param name="ValueName">The property that it wraps.</param>
/// <param name="IsNumber">Whether that is a number.</param>
/// <param name="ConvertsToStream">Whether its user has written the conversion to a StreamId.</param>
/// <param name="ConvertsToDocument">Whether its user has written the conversion to a DocumentId.</param>
/// <param name="Part">Where the conversions are added.</param>
/// <param name="LoadingName">The name of the class that loads documents by such ids.</param>
/// <param name="IsPublic">Whether other assemblies see the type.</param>
internal sealed record StreamIdModel(
    string TypeName,
    string HintName,
    string ValueName,
    bool IsNumber,
    bool ConvertsToStream,
    bool ConvertsToDocument,
    PartialType Part,
    string LoadingName,
    bool IsPublic);
