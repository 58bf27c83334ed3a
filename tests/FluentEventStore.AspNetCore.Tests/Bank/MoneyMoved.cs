namespace FluentEventStore.AspNetCore.Tests;

[Event]
public sealed record MoneyMoved(decimal Amount);
