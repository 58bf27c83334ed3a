namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

/// <summary>A transfer that a client asks for, under an id that it keeps when it asks again.</summary>
internal sealed record Order(Guid Id, Guid From, Guid To, decimal Amount);
