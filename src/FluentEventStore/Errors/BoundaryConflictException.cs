namespace FluentEventStore;

/// <summary>Events were recorded that a decision rests on but did not know.</summary>
/// <remarks>Nothing was written and the session is still usable. Fetch the boundary again and decide again.</remarks>
public sealed class BoundaryConflictException(string query, long position)
    : FluentEventStoreException(
        $"The decision rests on the events that match '{query}', but another one was recorded at position {position} since then.")
{
    /// <summary>The query that the decision rests on, as text.</summary>
    public string Query { get; } = query;

    /// <summary>The position of an event that matches but was not known.</summary>
    public long Position { get; } = position;
}
