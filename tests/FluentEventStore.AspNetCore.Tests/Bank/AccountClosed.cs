namespace FluentEventStore.AspNetCore.Tests;

[Event]
public sealed record AccountClosed;
