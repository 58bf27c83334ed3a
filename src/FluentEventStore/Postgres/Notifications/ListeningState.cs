namespace FluentEventStore.Postgres;

/// <summary>What a connection that should listen is found to do.</summary>
internal enum ListeningState
{
    /// <summary>It hears what is told.</summary>
    Listens,

    /// <summary>It hears nothing: it leads to a standby, or to a pooler that gives its session to others.</summary>
    Refused,

    /// <summary>What is told is told elsewhere by now.</summary>
    Elsewhere,
}
