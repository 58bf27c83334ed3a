using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

/// <summary>A commit on its way to the rows.</summary>
internal sealed record ModelCommit(RangeKey Range, Guid Owner, long Epoch, WorkStep.Commit Step, IReadOnlyList<ModelEvent> Effects);
