namespace FluentEventStore.PostgresTests.Outbox;

[Message("note-of-others")]
public sealed record OtherNote(string Text);
