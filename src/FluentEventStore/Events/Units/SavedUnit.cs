namespace FluentEventStore.Events;

/// <summary>What a session has saved, one unit after the other. Only who wants to know what came since holds an earlier one.</summary>
/// <param name="commit">What was saved.</param>
internal sealed class SavedUnit(Commit commit)
{
    public Commit Commit { get; } = commit;

    /// <summary>What was saved after it; <see langword="null"/> where nothing was.</summary>
    public SavedUnit? Next { get; private set; }

    public SavedUnit Then(Commit commit) => Next = new SavedUnit(commit);
}
