namespace FluentEventStore.PostgresTests.Models;

/// <summary>A document of one of two types.</summary>
public readonly record struct DocumentKey(bool IsBranch, int Number);
