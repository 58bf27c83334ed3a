namespace FluentEventStore.AspNetCore.Tests;

[Event]
public sealed record AccountOpened(string Owner);
