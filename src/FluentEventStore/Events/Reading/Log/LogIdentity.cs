namespace FluentEventStore.Events;

/// <summary>
/// Which log is read, as far as the process can tell: the connections may have come to lead to another server, or its end was lost.
/// </summary>
/// <param name="Generation">How often the connections may have begun to lead elsewhere.</param>
/// <param name="Loss">The sentence about the last loss that was seen.</param>
/// <param name="Server">When the server was started.</param>
internal readonly record struct LogIdentity(int Generation, string? Loss, long Server)
{
    /// <summary>Whether nothing happened in between. Two losses may be told by the same words.</summary>
    public bool IsOf(LogIdentity other) => (Generation, Server) == (other.Generation, other.Server) && ReferenceEquals(Loss, other.Loss);
}
