namespace FluentEventStore.Tests.Serialization;

internal static class Samples
{
    public static Everything Full()
    {
        var full = new Everything
        {
            Note = "of the base",
            Bool = true,
            Byte = byte.MaxValue,
            SByte = sbyte.MinValue,
            Short = short.MinValue,
            UShort = ushort.MaxValue,
            Int = int.MinValue,
            UInt = uint.MaxValue,
            Long = long.MinValue,
            ULong = ulong.MaxValue,
            Float = 1.1f,
            Double = double.MaxValue,
            Decimal = decimal.MaxValue,
            Char = 'é',
            Text = "a \"quoted\" text with 🦆 and + and <",
            Guid = Guid.Parse("0197a7b0-1111-7222-8333-444455556666"),
            DateTime = new DateTime(2024, 2, 29, 23, 59, 59, DateTimeKind.Utc).AddTicks(1),
            DateTimeOffset = new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.FromHours(2)).AddTicks(7),
            DateOnly = new DateOnly(2024, 2, 29),
            TimeOnly = new TimeOnly(23, 59, 59, 999),
            TimeSpan = TimeSpan.FromDays(-3.5),
            Uri = new Uri("../relative?x=1", UriKind.Relative),
            Bytes = [0, 1, 255],
            Colour = Colour.Blue,
            Access = Access.Read | Access.Execute,
            NullableInt = 3,
            NullableColour = Colour.Green,
            NullablePoint = new Point(1, 2),
            Line = new Line("tea", 2, 3.25m),
            Point = new Point(-1.5, 0.25),
            Array = [1, 2, 3],
            Texts = ["a", null, ""],
            Lines = [new Line("tea", 1), new Line("cup", 2, 9m)],
            IList = [1],
            ICollection = [2],
            IEnumerable = [3],
            IReadOnlyList = [new Point(3, 4)],
            IReadOnlyCollection = [5, null],
            ImmutableArray = [6, 7],
            HashSet = ["x", "y"],
            ISet = new HashSet<int> { 1, 2 },
            Dictionary = new() { ["Upper Case"] = 1, [""] = 2 },
            IDictionary = new Dictionary<Guid, Line> { [Guid.Empty] = new Line("x", 1) },
            IReadOnlyDictionary = new Dictionary<Colour, List<string>> { [Colour.Red] = ["r"], [Colour.Green] = [] },
            ByInt = new() { [-1] = null, [1] = "one" },
            ByLong = new() { [long.MaxValue] = [[1], [], [2, 3]] },
        };
        full.Rename(17);
        return full;
    }
}
