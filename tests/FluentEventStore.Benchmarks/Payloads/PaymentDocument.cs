namespace FluentEventStore.Benchmarks.Payloads;

/// <summary>The document that the document rows store and load: the fields of <see cref="Payment"/> under an id.</summary>
[Document("payment")]
public sealed record PaymentDocument
{
    public Guid Id { get; init; }

    public decimal Amount { get; init; }

    public required string Currency { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Reference { get; init; }

    public int Number { get; init; }

    public static PaymentDocument[] New(int count)
    {
        var documents = new PaymentDocument[count];
        for (var number = 0; number < count; number++)
        {
            documents[number] = new PaymentDocument
            {
                Id = Guid.CreateVersion7(),
                Amount = 100.25m + number,
                Currency = "EUR",
                At = new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero),
                Reference = "invoice-2026-0000042",
                Number = number,
            };
        }

        return documents;
    }
}
