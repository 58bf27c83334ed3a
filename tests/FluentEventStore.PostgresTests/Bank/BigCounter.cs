namespace FluentEventStore.PostgresTests.Bank;

[Document]
public sealed class BigCounter
{
    public long Id { get; set; }

    public long Value { get; set; }
}
