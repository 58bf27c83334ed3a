using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FluentEventStore.Tests.Serialization;

/// <summary>Values of every supported shape, drawn from a seed.</summary>
internal sealed class RandomValues(Random random)
{
    private const int MostItems = 4;

    public Everything Everything()
    {
        var everything = new Everything
        {
            Note = Maybe(Text),
            Bool = random.Next(2) == 0,
            Byte = (byte)random.Next(),
            SByte = (sbyte)random.Next(),
            Short = (short)random.Next(),
            UShort = (ushort)random.Next(),
            Int = Int(),
            UInt = (uint)Int(),
            Long = random.NextInt64(long.MinValue, long.MaxValue),
            ULong = (ulong)random.NextInt64(long.MinValue, long.MaxValue),
            Float = Finite(() => BitConverter.Int32BitsToSingle(Int())),
            Double = Finite(() => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))),
            Decimal = Decimal(),
            Char = Character()[0],
            Text = Text(),
            Guid = Guid(),
            DateTime = Time(),
            DateTimeOffset = new DateTimeOffset(
                DateTime.SpecifyKind(Time(), DateTimeKind.Unspecified), TimeSpan.FromMinutes(random.Next(-840, 841))),
            DateOnly = DateOnly.FromDateTime(Time()),
            TimeOnly = TimeOnly.FromDateTime(Time()),
            TimeSpan = TimeSpan.FromTicks(random.NextInt64(long.MinValue, long.MaxValue)),
            Uri = Maybe(() => new Uri($"https://example.org/{random.Next()}?q={random.Next()}")),
            Bytes = Bytes(),
            Colour = Colour(),
            Access = (Access)random.Next(8),
            NullableInt = random.Next(2) == 0 ? null : Int(),
            NullableColour = random.Next(2) == 0 ? null : Colour(),
            NullablePoint = random.Next(2) == 0 ? null : Point(),
            Line = Maybe(Line),
            Point = Point(),
            Array = [.. Some(Int)],
            Texts = [.. Some(() => Maybe(Text))],
            Lines = [.. Some(Line)],
            IList = [.. Some(Int)],
            ICollection = [.. Some(Int)],
            IEnumerable = [.. Some(Int)],
            IReadOnlyList = [.. Some(Point)],
            IReadOnlyCollection = [.. Some(() => random.Next(2) == 0 ? default(int?) : Int())],
            ImmutableArray = [.. Some(Int)],
            HashSet = [.. Some(Text)],
            ISet = new HashSet<int>(Some(Int)),
            Dictionary = ByKey(Text, Int),
            IDictionary = ByKey(Guid, Line),
            IReadOnlyDictionary = ByKey(Colour, () => Some(Text).ToList()),
            ByInt = ByKey(Int, () => Maybe(Text)),
            ByLong = ByKey(() => random.NextInt64(), () => Some(() => Some(Int).ToArray()).ToArray()),
        };
        everything.Rename(Int());
        return everything;
    }

    public Collected Collected() => new(
        Finite(() => BitConverter.Int16BitsToHalf((short)random.Next())),
        new Int128((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64()),
        new UInt128((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64()),
        random.Next(2) == 0 ? new Version(random.Next(), random.Next()) : new Version(1, random.Next(), 3, random.Next()),
        JsonSerializer.SerializeToElement(Node(depth: 3)),
        Node(depth: 3),
        Object(depth: 2),
        [.. Some(() => Node(depth: 2))],
        Bytes(),
        Bytes(),
        new(Some(Int)),
        new(Some(Text)),
        [.. Some(Int)],
        new(Some(Point)),
        [.. Some(() => Maybe(Line))],
        [.. Some(() => random.Next(2) == 0 ? default(int?) : Int())],
        [.. Some(Text)],
        ImmutableList.CreateRange(Some(Colour)),
        [.. Some(Int)],
        [.. Some(Int)],
        ImmutableHashSet.CreateRange(Some(Int)),
        [.. Some(() => random.NextInt64())],
        new(ByKey(Guid, Int)),
        new(ByKey(Int, () => Maybe(Text))),
        new(ByKey(Guid, Line)),
        ByKey(Text, Point).ToImmutableDictionary(),
        ByKey(Colour, () => Some(Int).ToArray()).ToImmutableDictionary(),
        ByKey(() => random.NextInt64(), Int).ToImmutableSortedDictionary(),
        Maybe(() => Some(() => Some(() => Some(Int).ToArray()).ToList()).ToList()));

    public CollectedFurther CollectedFurther() => new(
        new BigInteger(Bytes()) * BigInteger.Pow(10, random.Next(40)),
        JsonValue.Create(Text()),
        new(Some(Int)),
        [.. Some(Int)],
        new([.. Some(Int)]),
        new(ByKey(Text, Int)),
        Some(Text).ToFrozenSet(),
        ByKey(Guid, Int).ToFrozenDictionary(),
        ByKey(() => new OrderId(Guid()), Int),
        new(Some(Text), StringComparer.Ordinal),
        Some(Text).ToImmutableSortedSet(StringComparer.Ordinal),
        new(ByKey(Text, Int), StringComparer.Ordinal),
        new(ByKey(Text, Int), StringComparer.Ordinal),
        ByKey(Text, Int).ToImmutableSortedDictionary(StringComparer.Ordinal));

    private JsonNode? Node(int depth) => random.Next(depth > 0 ? 7 : 5) switch
    {
        0 => null,
        1 => JsonValue.Create(Text()),
        2 => JsonValue.Create(Int()),
        3 => JsonValue.Create(Decimal()),
        4 => JsonValue.Create(random.Next(2) == 0),
        5 => Object(depth - 1),
        _ => new JsonArray([.. Some(() => Node(depth - 1))]),
    };

    private JsonObject Object(int depth) => new(ByKey(Text, () => Node(depth)));

    private T[] Some<T>(Func<T> value) => [.. Enumerable.Range(0, random.Next(MostItems)).Select(_ => value())];

    private Dictionary<TKey, TValue> ByKey<TKey, TValue>(Func<TKey> key, Func<TValue> value)
        where TKey : notnull
        => Some(key).Distinct().ToDictionary(static key => key, _ => value());

    private T? Maybe<T>(Func<T> value)
        where T : class
        => random.Next(3) == 0 ? null : value();

    private static T Finite<T>(Func<T> value)
        where T : INumberBase<T>
    {
        while (true)
        {
            if (value() is var number && T.IsFinite(number))
                return number;
        }
    }

    private string Text()
    {
        var text = new StringBuilder();
        for (var length = random.Next(6); length > 0; length--)
            text.Append(random.Next(10) == 0 ? "\U0001F986" : Character());

        return text.ToString();
    }

    private string Character() => random.Next(4) switch
    {
        0 => ((char)random.Next(1, 0x20)).ToString(),
        1 => ((char)random.Next(0xA0, 0xD800)).ToString(),
        2 => "\"\\/<>&'+`"[random.Next(9)].ToString(),
        _ => ((char)random.Next('a', 'z' + 1)).ToString(),
    };

    private int Int() => random.Next(int.MinValue, int.MaxValue);

    private decimal Decimal() => new(Int(), Int(), Int(), random.Next(2) == 0, (byte)random.Next(29));

    private Guid Guid()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private DateTime Time() =>
        new(random.NextInt64(TimeSpan.TicksPerDay, DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), DateTimeKind.Utc);

    private byte[] Bytes()
    {
        var bytes = new byte[random.Next(9)];
        random.NextBytes(bytes);
        return bytes;
    }

    private Colour Colour() => Enum.GetValues<Colour>()[random.Next(3)];

    private Point Point() => new(Finite(() => (double)Int() / 7), Int());

    private Line Line() => new(Text(), Int(), random.Next(1_000_000) / 100m);
}
