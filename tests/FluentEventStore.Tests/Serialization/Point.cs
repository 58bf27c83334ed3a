using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FluentEventStore.Tests.Serialization;

public enum Colour
{
    Red,
    Green = 5,
    Blue,
}

[Flags]
public enum Access : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,
    All = Read | Write | Execute,
}

public sealed record Line(string Product, int Quantity, decimal Price = 1.5m)
{
    public decimal Total => Quantity * Price;
}

public readonly record struct Point(double X, double Y);

public abstract record Noted
{
    public string? Note { get; init; }
}

[Event]
public sealed record AccountOpened(Guid AccountId, string Owner, string? Nickname, string Currency = "EUR");

[Event("everything", Version = 3)]
public sealed record Everything : Noted
{
    public bool Bool { get; set; }
    public byte Byte { get; set; }
    public sbyte SByte { get; set; }
    public short Short { get; set; }
    public ushort UShort { get; set; }
    public int Int { get; set; }
    public uint UInt { get; set; }
    public long Long { get; set; }
    public ulong ULong { get; set; }
    public float Float { get; set; }
    public double Double { get; set; }
    public decimal Decimal { get; set; }
    public char Char { get; set; } = 'x';
    public required string Text { get; init; }
    public Guid Guid { get; init; }
    public DateTime DateTime { get; init; }
    public DateTimeOffset DateTimeOffset { get; init; }
    public DateOnly DateOnly { get; init; }
    public TimeOnly TimeOnly { get; init; }
    public TimeSpan TimeSpan { get; init; }
    public Uri? Uri { get; init; }
    public byte[] Bytes { get; init; } = [];
    public Colour Colour { get; init; }
    public Access Access { get; init; }
    public int? NullableInt { get; init; }
    public Colour? NullableColour { get; init; }
    public Point? NullablePoint { get; init; }
    public Line? Line { get; init; }
    public Point Point { get; init; }
    public int[] Array { get; init; } = [];
    public string?[] Texts { get; init; } = [];
    public List<Line> Lines { get; init; } = [];
    public IList<int> IList { get; init; } = [];
    public ICollection<int> ICollection { get; init; } = [];
    public IEnumerable<int> IEnumerable { get; init; } = [];
    public IReadOnlyList<Point> IReadOnlyList { get; init; } = [];
    public IReadOnlyCollection<int?> IReadOnlyCollection { get; init; } = [];
    public ImmutableArray<int> ImmutableArray { get; init; } = [];
    public HashSet<string> HashSet { get; init; } = [];
    public ISet<int> ISet { get; init; } = new HashSet<int>();
    public Dictionary<string, int> Dictionary { get; init; } = [];
    public IDictionary<Guid, Line> IDictionary { get; init; } = new Dictionary<Guid, Line>();
    public IReadOnlyDictionary<Colour, List<string>> IReadOnlyDictionary { get; init; } = new Dictionary<Colour, List<string>>();
    public Dictionary<int, string?> ByInt { get; init; } = [];
    public Dictionary<long, int[][]> ByLong { get; init; } = [];

    [JsonPropertyName("renamed_property")]
    public int Renamed { get; private set; }

    [JsonIgnore]
    public object? Ignored { get; set; }

    public void Rename(int value) => Renamed = value;
}

/// <summary>An amount as text, as another system wrote it.</summary>
[JsonConverter(typeof(MoneyConverter))]
public readonly record struct Money(decimal Amount, string Currency);

public sealed class MoneyConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()?.Split(' ') is [var amount, var currency]
            ? new Money(decimal.Parse(amount, CultureInfo.InvariantCulture), currency)
            : throw new JsonException("no money");

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
        writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value.Amount} {value.Currency}"));
}

public sealed class ReversingConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new([.. reader.GetString()!.Reverse()]);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(new string([.. value.Reverse()]));
}

[Event]
public sealed record Converted(
    Money Price,
    Money? Discount,
    List<Money> Others,
    [property: JsonConverter(typeof(ReversingConverter))] string Name,
    [property: JsonConverter(typeof(ReversingConverter))] string? Note);

/// <summary>Keeps what a later release says.</summary>
[Event]
public sealed record Extended(int Number)
{
    public int Twice => Number * 2;

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }
}

[Event]
public sealed record ExtendedByConstructor([property: JsonExtensionData] IDictionary<string, JsonElement> Rest);

/// <summary>Properties that are left out when there is nothing to say.</summary>
[Event]
public sealed record Sparse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] Point Where)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Amount { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public required Line? Line { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string Kept { get; init; } = "";
}

/// <summary>What System.Text.Json writes but cannot read.</summary>
[Event]
public sealed record ReadOnlySetHeld(IReadOnlySet<int> Items);

[StreamId]
public readonly partial record struct OrderId(Guid Value);

[Document("customer")]
public sealed record Customer
{
    public Guid Id { get; init; }
    public required string Name { get; init; }
    public string City { get; init; } = "Paris";
    public int Age { get; set; }
    public DateTimeOffset Since { get; init; }
    public OrderId LastOrder { get; init; }
    public List<Visit> Visits { get; init; } = [];
}

public sealed record Visit(DateTimeOffset At);

[Document]
public class Tally
{
    public int Id { get; set; }
    public Dictionary<string, long> Counts { get; private set; } = [];
}

[Event]
public sealed record MoneyDeposited(decimal Amount);

[Event]
public sealed record MoneyWithdrawn(decimal Amount);

[Event]
public sealed record AccountClosed(string Reason);

[Aggregate]
public sealed partial record Account(Guid Id, string Owner, decimal Balance)
{
    public long Version { get; init; }

    public static Account Create(AccountOpened e) => new(e.AccountId, e.Owner, 0m);
    public Account Apply(MoneyDeposited e) => this with { Balance = Balance + e.Amount };
    public Account Apply(IEvent<MoneyWithdrawn> e) => this with { Balance = Balance - e.Data.Amount, Version = e.Version };
    public static bool ShouldDelete(AccountClosed e) => e.Reason != "mistake";
}

[Aggregate]
public partial class Statement
{
    public string Id { get; private set; } = "";
    public decimal Turnover { get; private set; }
    private void Apply(MoneyDeposited e) => Turnover += e.Amount;
    private static void Apply(Statement statement, IEvent<MoneyWithdrawn> e) => statement.Turnover += e.Data.Amount;
    private bool ShouldDelete(AccountClosed e) => Turnover > 10 && e.Reason.Length > 0;
}
