namespace FluentEventStore.Sessions;

/// <summary>A unit with a condition is in the store already, event by event: an earlier attempt wrote it, without the condition.</summary>
internal sealed class UnitWrittenBeforeException(Commit commit) : Exception("The unit was written before.")
{
    public Commit Commit { get; } = commit;
}
