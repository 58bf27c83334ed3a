using System.Runtime.CompilerServices;
using System.Transactions;

namespace FluentEventStore.Postgres;

/// <summary>Starts work that serves many callers and outlives the caller that started it.</summary>
internal static class OwnFlow
{
    /// <summary>
    /// Runs without the execution context of the caller. Its ambient transaction, activity, culture and locals do not concern other
    /// callers, and may end long before the work does.
    /// </summary>
    public static Task Run(Func<Task> work)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Task.Run(work);

        using (ExecutionContext.SuppressFlow())
            return Task.Run(work);
    }

    /// <inheritdoc cref="Run(Func{Task})"/>
    public static Task<T> Run<T>(Func<Task<T>> work)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Task.Run(work);

        using (ExecutionContext.SuppressFlow())
            return Task.Run(work);
    }

    /// <summary>A timer that is not started, whose calls run without the execution context of the caller.</summary>
    public static ITimer Timer(TimeProvider clock, Action call)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return Create();

        using (ExecutionContext.SuppressFlow())
            return Create();

        ITimer Create() =>
            clock.CreateTimer(static call => ((Action)call!)(), call, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Lets other work that has just become ready run first. What runs here goes on without the caller's execution context, as before.
    /// </summary>
    public static YieldAwaitable LetOthersGoOn() => Task.Yield();

    /// <summary>
    /// Runs outside of the caller's ambient transaction, if there is one. So what is written stays written whatever becomes of the
    /// transaction, and what is read and kept is no part of it.
    /// </summary>
    public static ValueTask<T> LeaveTransactionAsync<TState, T>(
        TState state, Func<TState, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        Transaction.Current is null ? work(state, cancellationToken) : RunAsync(state, work, cancellationToken);

    // A method of its own, so that nothing is captured if there is no transaction.
    private static ValueTask<T> RunAsync<TState, T>(
        TState state, Func<TState, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        new(Run(() => work(state, cancellationToken).AsTask()));
}
