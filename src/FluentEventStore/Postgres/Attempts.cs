namespace FluentEventStore.Postgres;

/// <summary>Repeats what failed for a reason that may pass, up to a number of times.</summary>
internal static class Attempts
{
    /// <param name="limit">How many attempts there are at most.</param>
    /// <param name="attempt">What is done.</param>
    /// <param name="mayPass">Whether another attempt may succeed after a failure.</param>
    /// <param name="cancellationToken">Handed to each attempt.</param>
    public static Task<T> RunAsync<T>(
        int limit, Func<CancellationToken, Task<T>> attempt, Func<Exception, bool> mayPass, CancellationToken cancellationToken) =>
        RunAsync(limit, attempt, mayPass, static (_, _) => Task.CompletedTask, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(int, Func{CancellationToken, Task{T}}, Func{Exception, bool}, CancellationToken)"/>
    /// <param name="limit">How many attempts there are at most.</param>
    /// <param name="attempt">What is done.</param>
    /// <param name="mayPass">Whether another attempt may succeed after a failure.</param>
    /// <param name="mend">Called before the next attempt: does something about the failure.</param>
    /// <param name="cancellationToken">Handed to each attempt, and to what is done between them.</param>
    public static async Task<T> RunAsync<T>(
        int limit,
        Func<CancellationToken, Task<T>> attempt,
        Func<Exception, bool> mayPass,
        Func<Exception, CancellationToken, Task> mend,
        CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            Exception passing;
            try
            {
                return await attempt(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (number < limit && mayPass(failure))
            {
                passing = failure;
            }

            await mend(passing, cancellationToken).ConfigureAwait(false);
        }
    }
}
