namespace FluentEventStore.AspNetCore.Tests;

public sealed record Deposit(decimal Amount);
