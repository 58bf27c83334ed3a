using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>A result has nothing to show.</summary>
/// <param name="problem">What the client is told.</param>
/// <param name="innerException">What failed, if anything did.</param>
internal sealed class UnshownException(Problem problem, Exception? innerException = null) : Exception(problem.Detail, innerException)
{
    /// <summary>What the client is told.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>The stream is there, but holds no such aggregate.</summary>
    public static UnshownException OfAggregate(StreamId streamId, Type aggregate) => new(
        new Problem(
            StatusCodes.Status404NotFound,
            "aggregate-not-found",
            "There is no such aggregate",
            $"Stream '{streamId}' holds no {aggregate.Name}.")
        {
            Members = [("stream", streamId.Value), ("aggregate", aggregate.Name)],
        });

    /// <summary>What the request asked for is done, so a client must not be told of what failed since.</summary>
    public static UnshownException CarriedOut(Exception failure) => new(Problem.CarriedOut, failure);
}
