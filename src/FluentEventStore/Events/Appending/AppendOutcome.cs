namespace FluentEventStore.Events;

/// <summary>What became of a unit that was sent: it is committed, or the database refused it as a whole.</summary>
internal readonly struct AppendOutcome
{
    public AppendOutcome(Commit commit) => Commit = commit;

    public AppendOutcome(RefusedAppend refused) => Refused = refused;

    public Commit? Commit { get; }

    public RefusedAppend? Refused { get; }
}
