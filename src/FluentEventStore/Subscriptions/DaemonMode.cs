namespace FluentEventStore;

/// <summary>How a daemon shares the work with those of other processes.</summary>
public enum DaemonMode
{
    /// <summary>
    /// It is the only one: when it starts, it takes over everything at once, without waiting for the lease of a process that may be gone.
    /// For development, tests, and applications of one process.
    /// </summary>
    Solo = 0,

    /// <summary>
    /// Each process carries its share. If one dies, the others take its share over after <see cref="DeclaredSubscriptions.Lease"/>.
    /// </summary>
    HotCold = 1,
}
