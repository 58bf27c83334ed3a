namespace FluentEventStore.AotSmoke;

[Document]
public sealed record GuidNote(Guid Id, string Text);

[Document]
public sealed record TextNote(string Id, string Text);

[Document]
public sealed record NumberNote(int Id, string Text);

[Document]
public sealed class LongNote
{
    public long Id { get; init; }

    public required string Text { get; set; }

    public List<string> Tags { get; init; } = [];

    public DateTimeOffset? Read { get; set; }
}
