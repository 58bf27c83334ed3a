using FluentEventStore;

[Event]
public sealed record Namespaceless(string Text);
