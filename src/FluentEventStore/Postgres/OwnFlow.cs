using System.Runtime.CompilerServices;
using System.Transactions;

namespace FluentEventStore.Postgres;

/// <summary>Starts what serves many callers and outlives the one who happened to start it.</summary>
internal static class OwnFlow
{
    /// <summary>
    /// Runs without the execution context of the caller: its ambient transaction, its activity, its culture and its locals are none of the
    /// others' business, and may have ended long before the work does.
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

    /// <summary>
    /// Lets go on what has just become ready to. For what runs here: it goes on without the caller's execution context as before.
    /// </summary>
    public static YieldAwaitable LetOthersGoOn() => Task.Yield();

    /// <summary>
    /// Runs outside of the ambient transaction of the caller, if there is one: what is written stays written whatever becomes of that, and
    /// what is read and kept is no part of it.
    /// </summary>
    public static ValueTask<T> LeaveTransactionAsync<TState, T>(
        TState state, Func<TState, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        Transaction.Current is null ? work(state, cancellationToken) : RunAsync(state, work, cancellationToken);

    // Apart, so that nothing is captured where there is none.
    private static ValueTask<T> RunAsync<TState, T>(
        TState state, Func<TState, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) =>
        new(Run(() => work(state, cancellationToken).AsTask()));
}
