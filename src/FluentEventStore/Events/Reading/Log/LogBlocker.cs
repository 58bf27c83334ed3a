namespace FluentEventStore;

/// <summary>
/// A transaction that has appended, or is about to, and has not ended: readers of the log stay below its events until it has.
/// </summary>
/// <param name="Pid">The server process; <see langword="null"/> where the transaction is prepared and waits for its second phase.</param>
/// <param name="Position">The position above which it may have events.</param>
/// <param name="Age">How long the transaction has been open; <see langword="null"/> where the role may not see it.</param>
/// <param name="ApplicationName">What its connection calls itself; <see langword="null"/> where there is none.</param>
/// <param name="State">
/// What the process does, such as <c>active</c>, <c>idle in transaction</c>, or <c>waiting for its client</c> in the middle of a batch;
/// <c>prepared</c> where there is no process.
/// </param>
/// <param name="Query">
/// The last statement, cut to 200 characters; <see langword="null"/> where there is none or the role may not see it.
/// </param>
/// <param name="PreparedAs">The name under which the transaction is prepared; <see langword="null"/> where it is not.</param>
/// <remarks>
/// It ends by itself when its client ends it or is lost. An operator ends it with <c>select pg_terminate_backend(pid)</c>, or <c>rollback
/// prepared 'name'</c>; its events are not written then.
/// </remarks>
public sealed record LogBlocker(
    int? Pid, long Position, TimeSpan? Age, string? ApplicationName, string? State, string? Query, string? PreparedAs)
{
    /// <summary>
    /// How long the client has sent nothing, where the process waits for it; <see langword="null"/> where it does not, or the role may not
    /// see it.
    /// </summary>
    /// <value>
    /// A client that vanished without closing its connection shows here until the server finds it gone: within 30 seconds, of a connection
    /// of the store.
    /// </value>
    public TimeSpan? Silence { get; init; }
}
