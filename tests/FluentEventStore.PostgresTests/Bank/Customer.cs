namespace FluentEventStore.PostgresTests.Bank;

[Document("customer")]
public sealed record Customer
{
    public Guid Id { get; init; }

    public required string Name { get; init; }

    public string City { get; init; } = "";

    public int Age { get; init; }

    public double Score { get; init; }

    public List<string> Tags { get; init; } = [];
}
