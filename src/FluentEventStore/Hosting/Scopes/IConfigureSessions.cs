namespace FluentEventStore;

/// <summary>
/// Says for whom the sessions of a scope work. Every one among the services is called, in the order in which they were added, when a scope
/// first asks for a session.
/// </summary>
public interface IConfigureSessions
{
    /// <summary>Sets the tenant, the user, and what the scope's work belongs to.</summary>
    /// <param name="options">Of the sessions of the scope.</param>
    void Configure(SessionOptions options);
}
