namespace FluentEventStore.AotSmoke;

[Message]
public sealed record Reminder(string Text, int[] Numbers, DateTimeOffset? At = null);
