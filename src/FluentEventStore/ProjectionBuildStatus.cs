namespace FluentEventStore;

/// <summary>How far something is that is being built.</summary>
/// <param name="Subscription">The name of the subscription that builds it: its state and its failure stand there.</param>
/// <param name="Position">The position of the log up to which it holds everything.</param>
/// <param name="Lag">How many positions that is behind the log.</param>
/// <param name="Rate">How many positions it passes in a second.</param>
public sealed record ProjectionBuildStatus(string Subscription, long Position, long Lag, double Rate)
{
    /// <summary>How long it takes until it has caught up, if it goes on as now; <see langword="null"/> if it does not move.</summary>
    public TimeSpan? TimeLeft => Lag == 0 ? TimeSpan.Zero : Rate > 0 ? TimeSpan.FromSeconds(Lag / Rate) : null;
}
