namespace FluentEventStore.Benchmarks.Payloads;

/// <summary>The event that every row writes and reads: about 170 bytes of JSON.</summary>
[Event("payment")]
public sealed record Payment(Guid AccountId, decimal Amount, string Currency, DateTimeOffset At, string Reference, int Number)
{
    /// <summary>The same payments in every run: contenders must not differ by what they write.</summary>
    public static Payment[] Take(int count)
    {
        var payments = new Payment[count];
        for (var number = 0; number < count; number++)
        {
            payments[number] = new Payment(
                new Guid(number, 0x1a2b, 0x4c3d, 0x8e, 0x4f, 0x5a, 0x6b, 0x7c, 0x8d, 0x9e, 0xaf),
                100.25m + number,
                "EUR",
                new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero).AddSeconds(number),
                $"invoice-2026-{number:D7}",
                number);
        }

        return payments;
    }
}
