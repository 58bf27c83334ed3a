using FluentEventStore;

namespace Plugin;

[Event]
public sealed record Plugged(string Text);
