namespace FluentEventStore.PostgresTests.Models;

/// <summary>What a call does to a document.</summary>
public enum DocumentVerb
{
    Store,
    Insert,
    Update,
    Delete,
}
