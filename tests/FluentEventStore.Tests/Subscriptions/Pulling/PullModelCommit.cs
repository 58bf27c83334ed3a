using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions.Pulling;

/// <summary>A commit on its way to the rows.</summary>
internal sealed record PullModelCommit(RangeKey Range, Guid Owner, long Epoch, PullCommit Step, long Highest, bool LosesParked);
