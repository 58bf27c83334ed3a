namespace FluentEventStore.Events;

/// <summary>What a session has saved: a chain of units. Whoever wants to know what was saved since a unit holds that one.</summary>
/// <param name="commit">What was saved.</param>
internal sealed class SavedUnit(Commit commit)
{
    public Commit Commit { get; } = commit;

    /// <summary>What was saved next; <see langword="null"/> if nothing was.</summary>
    public SavedUnit? Next { get; private set; }

    public SavedUnit Then(Commit commit) => Next = new SavedUnit(commit);
}
