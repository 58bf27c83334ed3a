namespace FluentEventStore.Tests.Serialization;

/// <summary>Values of properties with attributes, drawn from a seed.</summary>
internal sealed class RandomMarked(Random random)
{
    public Marked Next() => new Marked(
        random.NextInt64(long.MinValue, long.MaxValue),
        random.Next(2) == 0 ? null : random.Next(100_000) / 1000m,
        [.. Some(() => random.NextDouble() * Math.Pow(10, random.Next(-30, 30)))],
        Some(() => random.Next()).Distinct().ToDictionary(static key => $"{key}", key => (Int128)key * long.MaxValue),
        (byte)random.Next(256),
        random.Next(4) switch { 0 => float.NaN, 1 => float.NegativeInfinity, 2 => float.PositiveInfinity, _ => random.NextSingle() },
        Some(() => random.Next(2) == 0 ? Half.NaN : (Half)random.NextSingle()),
        (Colour)random.Next(-3, 8),
        random.Next(2) == 0 ? null : Colour.Green,
        new AllAsText(random.Next(), "t", random.Next(), Some(() => (uint)random.Next())),
        Payment(),
        random.Next(2) == 0 ? null : Payment(),
        [.. Some(Payment)],
        Some(() => (byte)random.Next(256)).Distinct().ToDictionary(static key => key, _ => Place()),
        Vehicle(),
        Some(() => (ushort)random.Next(65_536)).Distinct().ToDictionary(static key => key, _ => (ulong)random.NextInt64()),
        new(Some(() => (sbyte)random.Next(-128, 128)).Distinct().ToDictionary(static key => key, _ => random.Next())))
        .Hide(random.Next(), $"inner {random.Next()}");

    public Fielded Fielded()
    {
        var fielded = new Fielded(random.Next())
        {
            Amount = random.Next(1000) / 100m,
            Items = random.Next(3) == 0 ? null : [.. Some<int?>(() => random.Next(2) == 0 ? null : random.Next())],
            Corner = new Corner { X = random.Next() }.Move(random.NextInt64()),
            Note = random.Next(2) == 0 ? null : "note",
        };
        fielded.Keep(random.Next(2) == 0 ? null : "kept");
        return fielded.Hide(random.Next());
    }

    private Payment Payment() =>
        random.Next(2) == 0 ? new CardPayment(random.Next(), $"{random.Next()}") : new CashPayment(random.Next() / 100m);

    private IPlace Place() => random.Next(2) == 0 ? new City($"{random.Next()}", random.Next()) : new Village($"{random.Next()}");

    private Vehicle Vehicle() => random.Next(4) switch
    {
        0 => new Vehicle(random.Next()),
        1 => new Car(random.Next(), "plate"),
        2 => new Taxi("taxi"),
        _ =>
            new Bus(random.Next(), random.Next()) { Rest = random.Next(2) == 0
                ? null
                : new() { ["more"] = System.Text.Json.JsonElement.Parse("[1]") } },
    };

    private T[] Some<T>(Func<T> value) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => value())];
}
