using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>Says why there is nothing to show.</summary>
internal static class Absence
{
    /// <summary>The failure for a stream that shows nothing; <see langword="null"/> if it is there and shown.</summary>
    public static async Task<Exception?> FindAsync(
        IQuerySession session, StreamId streamId, bool seesArchived, CancellationToken cancellationToken) =>
        await session.Events.FetchStreamStateAsync(streamId, cancellationToken).ConfigureAwait(false) switch
        {
            null => new StreamNotFoundException(streamId),
            { IsDeleted: true } state => new StreamDeletedException(streamId, state.IsTombstoned),
            { IsArchived: true } when !seesArchived => Archived(streamId),
            _ => null,
        };

    /// <summary>The failure for an aggregate that is not there.</summary>
    public static async Task<Exception> OfAggregateAsync<T>(
        IQuerySession session, StreamId streamId, CancellationToken cancellationToken) =>
        await FindAsync(session, streamId, seesArchived: false, cancellationToken).ConfigureAwait(false)
        ?? UnshownException.OfAggregate(streamId, typeof(T));

    // To whom reads, it is not there; a conflict is of those who write.
    private static Exception Archived(StreamId streamId)
    {
        var archived = new StreamArchivedException(streamId);
        return KnownProblems.Of(archived) is { } problem
            ? new UnshownException(problem with { StatusCode = StatusCodes.Status404NotFound }, archived)
            : archived;
    }
}
