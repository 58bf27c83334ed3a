namespace FluentEventStore.Subscriptions;

/// <summary>A checkpoint that is to move over events that do not concern its range.</summary>
/// <param name="Holding">The range, and who carries it.</param>
/// <param name="Tenure">What it is carried with.</param>
/// <param name="From">Where it is stored to be.</param>
/// <param name="To">Where it moves.</param>
internal sealed record FlushMove(Holding Holding, Tenure Tenure, long From, long To);
