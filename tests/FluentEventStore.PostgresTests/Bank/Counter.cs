namespace FluentEventStore.PostgresTests.Bank;

[Document]
public sealed class Counter
{
    public int Id { get; set; }

    public long Value { get; set; }
}
