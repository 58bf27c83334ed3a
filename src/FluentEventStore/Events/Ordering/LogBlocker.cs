namespace FluentEventStore;

/// <summary>An open transaction that has appended or is about to. Readers of the log stay below its events until it has ended.</summary>
/// <param name="Pid">The server process; <see langword="null"/> if the transaction is prepared and waits for its second phase.</param>
/// <param name="Position">The position above which it may have events.</param>
/// <param name="Age">How long the transaction has been open; <see langword="null"/> if the role may not see it.</param>
/// <param name="ApplicationName">What its connection calls itself; <see langword="null"/> if there is no connection.</param>
/// <param name="State">
/// What the process does, such as <c>active</c>, <c>idle in transaction</c>, or <c>waiting for its client</c> in the middle of a batch;
/// <c>prepared</c> if there is no process.
/// </param>
/// <param name="Query">
/// The last statement, cut to 200 characters; <see langword="null"/> if there is none or the role may not see it.
/// </param>
/// <param name="PreparedAs">The name under which the transaction is prepared; <see langword="null"/> if it is not.</param>
/// <remarks>
/// It ends when its client ends it or is lost. An operator can end it with <c>select pg_terminate_backend(pid)</c>, or <c>rollback prepared
/// 'name'</c>; then its events are not written.
/// </remarks>
public sealed record LogBlocker(
    int? Pid, long Position, TimeSpan? Age, string? ApplicationName, string? State, string? Query, string? PreparedAs)
{
    /// <summary>
    /// How long the process has waited for its client; <see langword="null"/> if it does not wait, or the role may not see it.
    /// </summary>
    /// <value>
    /// A client that vanished without closing its connection shows here until the server notices: within 30 seconds for connections of the
    /// store.
    /// </value>
    public TimeSpan? Silence { get; init; }
}
