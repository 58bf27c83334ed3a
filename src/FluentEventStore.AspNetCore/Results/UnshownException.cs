namespace FluentEventStore.AspNetCore;

/// <summary>A result has nothing to show.</summary>
/// <param name="problem">What the client is told.</param>
/// <param name="innerException">What failed, if anything did.</param>
internal sealed class UnshownException(Problem problem, Exception? innerException = null) : Exception(problem.Detail, innerException)
{
    /// <summary>What the client is told.</summary>
    public Problem Problem { get; } = problem;
}
