namespace FluentEventStore.AspNetCore.Tests;

[Document("customer")]
public sealed record Customer
{
    public Guid Id { get; init; }

    public required string Name { get; init; }

    public string City { get; init; } = "";
}
