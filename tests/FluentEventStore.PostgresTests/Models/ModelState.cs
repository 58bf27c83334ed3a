namespace FluentEventStore.PostgresTests.Models;

/// <summary>Who reads a stream of the model.</summary>
public enum ModelState
{
    Active,
    Archived,
    Deleted,
    Tombstoned,
}
