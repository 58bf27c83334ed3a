using FluentEventStore;

[Event]
file sealed record Hidden(string Text);
