using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Contracts;

/// <summary>The contract file of a compilation.</summary>
/// <param name="Path">Where it stands.</param>
/// <param name="Entries">What it says; empty if it cannot be read.</param>
/// <param name="Fault">Why it cannot be read; <see langword="null"/> if it can.</param>
internal sealed record ContractFileModel(string Path, EquatableArray<ContractEntryModel> Entries, ContractFaultModel? Fault);

/// <summary>What keeps a contract file from being read.</summary>
/// <param name="Reason">What is wrong.</param>
/// <param name="Line">Where: the line, from 0.</param>
/// <param name="Column">The column, from 0.</param>
internal sealed record ContractFaultModel(string Reason, int Line, int Column);
