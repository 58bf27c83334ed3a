using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using static FluentEventStore.AotSmoke.Checks;

[assembly: FluentEventStore.ClosedEvent(typeof(FluentEventStore.AotSmoke.Lost<FluentEventStore.AotSmoke.CounterId>))]

namespace FluentEventStore.AotSmoke;

/// <summary>Properties whose attributes choose another form in JSON.</summary>
[Event]
public sealed record CratePaid(
    Payment By,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long Receipt,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Rate,
    [property: JsonConverter(typeof(JsonNumberEnumConverter<Currency>))] Currency Currency,
    CounterId Counter)
{
    [JsonInclude]
    private int Till { get; set; }

    public CratePaid At(int till)
    {
        Till = till;
        return this;
    }

    public bool IsAt(int till) => Till == till;
}

[JsonDerivedType(typeof(CardPayment), "card")]
[JsonDerivedType(typeof(CashPayment), 2)]
public abstract record Payment(decimal Amount);

public sealed record CardPayment(decimal Amount, string Number) : Payment(Amount);

public sealed record CashPayment(decimal Amount) : Payment(Amount);

[StreamId]
public readonly partial record struct CounterId(int Value);

[Event("crate-lost")]
public sealed record Lost<T>(T What)
{
    [JsonInclude]
    private T? _found;

    [JsonInclude]
    private Position _at;

    public Lost<T> Find(T found, int x)
    {
        _found = found;
        _at.MoveTo(x);
        return this;
    }

    public (T? Found, int X) Findings() => (_found, _at.X());
}

public struct Position
{
    [JsonInclude]
    private int _x;

    public void MoveTo(int x) => _x = x;

    public readonly int X() => _x;
}

/// <summary>Values of types that take a codec of their own.</summary>
[Event]
[EventAlias("crate-filled")]
public sealed record CratePacked(
    Int128 Serial,
    BigInteger Huge,
    Half Share,
    Version Label,
    JsonNode? Papers,
    ReadOnlyMemory<byte> Seal,
    Stack<int> Layers,
    ImmutableSortedSet<string> Contents,
    FrozenDictionary<AccountId, int> Owners,
    ImmutableDictionary<Currency, decimal> Values);

internal sealed class ShapeChecks(EventStore store)
{
    public async Task PackAsync()
    {
        var id = Guid.NewGuid();
        var owner = new AccountId(Guid.NewGuid());
        await using var session = store.OpenSession("shapes");
        session.Events.StartStream(id, new CratePacked(
            Int128.MaxValue,
            BigInteger.Pow(10, 50),
            (Half)0.5,
            new Version(1, 2, 3),
            new JsonObject { ["customs"] = new JsonArray(1, "two", null) },
            new byte[] { 1, 2, 3 },
            new Stack<int>([1, 2, 3]),
            ["tea", "cups"],
            new Dictionary<AccountId, int> { [owner] = 7 }.ToFrozenDictionary(),
            ImmutableDictionary<Currency, decimal>.Empty.Add(Currency.Franc, 1.5m)));
        await session.SaveChangesAsync();

        var crate = ((IEvent<CratePacked>)(await session.Events.FetchStreamAsync(id))[0]).Data;
        Equal(
            (Int128.MaxValue, BigInteger.Pow(10, 50), (Half)0.5, new Version(1, 2, 3)),
            (crate.Serial, crate.Huge, crate.Share, crate.Label));
        Equal("two", (string?)crate.Papers!["customs"]![1]);
        EqualItems<byte>([1, 2, 3], crate.Seal.ToArray());
        EqualItems<int>([3, 2, 1], crate.Layers);
        EqualItems<string>(["cups", "tea"], crate.Contents);
        Equal((7, 1.5m), (crate.Owners[owner], crate.Values[Currency.Franc]));
    }

    public async Task PayAsync()
    {
        var counter = new CounterId(Random.Shared.Next());
        await using var session = store.OpenSession("shapes");
        session.Events.StartStream(
            counter,
            new CratePaid(new CardPayment(1.5m, "4"), long.MaxValue, double.NaN, Currency.Franc, counter).At(3),
            new CratePaid(new CashPayment(2), 0, 0.5, Currency.Euro, default),
            new Lost<CounterId>(counter).Find(counter, 7));
        await session.SaveChangesAsync();

        var paid = await session.Events.FetchStreamAsync(counter);
        var byCard = ((IEvent<CratePaid>)paid[0]).Data;
        Equal(
            (new CardPayment(1.5m, "4"), long.MaxValue, double.NaN, Currency.Franc, counter, true),
            ((CardPayment)byCard.By, byCard.Receipt, byCard.Rate, byCard.Currency, byCard.Counter, byCard.IsAt(3)));
        Equal(new CashPayment(2), (CashPayment)((IEvent<CratePaid>)paid[1]).Data.By);
        var lost = ((IEvent<Lost<CounterId>>)paid[2]).Data;
        Equal(("crate-lost-of-counter-id", counter, (counter, 7)), (paid[2].TypeName, lost.What, lost.Findings()));
    }

    public async Task ReadAliasAsync()
    {
        StreamId id = Guid.NewGuid();
        var json = """
            {"serial":1,"huge":2,"share":0.5,"label":"1.2","papers":null,"seal":"","layers":[],"contents":[],"owners":{},"values":{}}
            """u8.ToArray();
        await store.Transfer.ImportAsync(
            OneAsync(new ImportedEvent(id, 1, "crate-filled", 1, json) { Timestamp = DateTimeOffset.UnixEpoch }));

        await using var session = store.OpenQuerySession();
        var read = (await session.Events.FetchStreamAsync(id))[0];
        Equal(("crate-filled", new Version(1, 2)), (read.TypeName, ((IEvent<CratePacked>)read).Data.Label));
    }

    private static async IAsyncEnumerable<ImportedEvent> OneAsync(ImportedEvent @event)
    {
        await Task.CompletedTask;
        yield return @event;
    }
}
