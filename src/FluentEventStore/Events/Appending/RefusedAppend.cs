using System.Runtime.ExceptionServices;
using Npgsql;

namespace FluentEventStore.Events;

/// <summary>Why the database refused a unit.</summary>
/// <param name="SqlState">The store's own, or the server's.</param>
/// <param name="Hint">The data of a refusal of the store's own, as JSON.</param>
/// <param name="Failure">What the driver threw; <see langword="null"/> if the unit was sent with others and only it was refused.</param>
internal sealed record RefusedAppend(string SqlState, string? Hint, PostgresException? Failure = null)
{
    public static RefusedAppend Of(PostgresException failure) => new(failure.SqlState, failure.Hint, failure);

    /// <summary>Throws what the driver threw.</summary>
    public void Rethrow()
    {
        if (Failure is not null)
            ExceptionDispatchInfo.Throw(Failure);
    }
}
