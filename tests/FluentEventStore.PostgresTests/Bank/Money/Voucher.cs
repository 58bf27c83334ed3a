namespace FluentEventStore.PostgresTests.Bank;

[StreamId]
public readonly partial record struct VoucherId(Guid Value);

[StreamId]
public readonly partial record struct LockerId(int Value);

[Document]
public sealed record Voucher(VoucherId Id, decimal Amount);

[Document]
public sealed record Locker
{
    public LockerId Id { get; init; }
    public string Content { get; init; } = "";
}
