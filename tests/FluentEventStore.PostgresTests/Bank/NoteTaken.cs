namespace FluentEventStore.PostgresTests.Bank;

/// <summary>An event that no aggregate handles and that takes any text and number.</summary>
[Event("note-taken")]
public sealed record NoteTaken(string Text, double Weight = 1);
