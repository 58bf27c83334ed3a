using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Contracts;

/// <summary>How a contract file and the events of its compilation differ.</summary>
/// <param name="Findings">What to say about it.</param>
/// <param name="Next">What the file would hold if it were brought up to date.</param>
internal sealed record ContractDriftModel(EquatableArray<ContractFindingModel> Findings, EquatableArray<ContractEntryModel> Next);
