namespace FluentEventStore.PostgresTests.Bank;

/// <summary>An event that cannot be written.</summary>
[Event]
public sealed record Riddle(string Asker)
{
    public string Answer => throw new NotSupportedException("nobody knows");
}
