namespace FluentEventStore.PostgresTests.Outbox;

[Message]
public sealed record Numbered(string Run, int Number)
{
    public List<string> Notes { get; init; } = [];
}
