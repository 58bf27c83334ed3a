using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

/// <summary>What a type keeps and the generator cannot store is refused, not passed over.</summary>
public sealed class HiddenStateTests
{
    private const string NotStored =
        "would not be stored: make it a public property, mark it with [JsonInclude], or ignore it with [JsonIgnore]";

    public static TheoryData<string, string, string> Refused => new()
    {
        { "FES0011", "[Event] public sealed record Placed(Money Money); " + Money, "'Money._amount' is a field and " + NotStored },
        {
            "FES0011",
            "[Event] public sealed record Placed(int A) { private int _count; public int Count() => _count++; }",
            "'Placed._count' is a field"
        },
        {
            "FES0011",
            "[Event] public sealed record Placed(int A) { internal int Count { get; set; } }",
            "'Placed.Count' is a property and " + NotStored
        },
        {
            "FES0011",
            "[Event] public sealed record Placed(int A) { protected internal readonly List<int> Items = []; }",
            "'Placed.Items' is a field"
        },
        {
            "FES0011",
            "[Document] public sealed record Cart(Guid Id) { private readonly List<int> _lines = []; public IReadOnlyList<int> Lines => "
                + "_lines; }",
            "'Cart._lines' is a field"
        },
        {
            "FES0011",
            "[Document] public sealed record Cart(Guid Id) { private readonly List<int> _lines = []; [JsonIgnore] public "
                + "IReadOnlyList<int> Lines { get => _lines; init => _lines = [.. value]; } }",
            "'Cart._lines' is a field"
        },
        {
            "FES0011",
            "[Event] public sealed record Placed(int A) : Base; public abstract record Base { private int _kept; public int Next() => "
                + "_kept++; }",
            "'Base._kept' is a field"
        },
        {
            "FES0011",
            "[Event] public sealed class Placed : IHas { int IHas.Number { get; set; } } "
                + "public interface IHas { int Number { get; set; } }",
            "'Placed.IHas.Number' is a property"
        },
        {
            "FES0011",
            "[Event] public sealed record Placed(Address Address); public sealed partial class Address { private string? _street; public "
                + "string? Read() => _street ??= \"\"; }",
            "'Address._street' is a field of a partial type (what another generator adds to it is not seen) and would not be stored"
        },
        {
            "FES0011",
            "[Aggregate] public sealed partial record Order(Guid Id, Line Line) { public static Order Create(Placed e) => new(default, "
                + "new()); } [Event] public sealed record Placed; public sealed class Line { private int _count; public int Count => "
                + "_count++; }",
            "'Line._count' is a field"
        },
        {
            "FES0011",
            "[Document] public sealed record Held(Guid Id, Order Order); [Aggregate] public sealed partial record Order(Guid Id) { "
                + "private int _count; public static Order Create(Placed e) => new(default(Guid)); public int Next() => _count++; } "
                + "[Event] public sealed record Placed;",
            "'Order._count' is a field"
        },
        {
            "FES0004",
            "[Event] public sealed record Placed(Id Id); public readonly partial struct Id;",
            "'Id' cannot be stored: it is partial and declares no member, and members that another generator writes are not seen; give it "
                + "a converter"
        },
        { "FES0004", "[Event] public sealed partial record Placed;", "it is partial and declares no member" },
        {
            "FES0004",
            "[Event] public sealed record Placed(Bag<int> Bag); " + Bag,
            "'Bag<int>' cannot be stored: it implements IEnumerable"
        },
        { "FES0004", "[Event] public sealed class Batch : List<int>;", "'Batch' cannot be stored: it implements IEnumerable" },
        { "FES0004", "[Document] public sealed class Batch : List<int> { public Guid Id { get; set; } }", "it implements IEnumerable" },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public abstract class Things : List<int>;",
            "it implements IEnumerable"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public class Things(int size) : List<int>(size);",
            "it implements IEnumerable"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); "
                + "public class Things : List<int> { public required int Size { get; set; } }",
            "it implements IEnumerable"
        },
        { "FES0005", "[Event] public sealed record Placed(Things Things); public class Things : Stack<int>;", "it implements IEnumerable" },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public class Things() : "
                + "System.Collections.ObjectModel.ReadOnlyCollection<int>([]);",
            "it implements IEnumerable"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public class Things : List<int> { public string Owner { get; set; } = "
                + "\"\"; }",
            "'Things.Owner' would be lost, since only the items of a collection are stored"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public class Things : List<int> { private int _more; public int More() "
                + "=> _more++; }",
            "'Things._more' would be lost"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public class Things : Dictionary<DateTime, int>;",
            "the keys of a dictionary must be"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public class Things : List<object>;",
            "says nothing about its shape"
        },
        {
            "FES0005",
            "[Event] public sealed class Placed { private int _x; public ref int X => ref _x; }",
            "'Placed.X' of type 'int' cannot be stored: it returns by reference"
        },
        {
            "FES0005",
            "[Event] public sealed class Placed : IHas { [JsonInclude] int IHas.Number { get; set; } } public interface IHas { int Number "
                + "{ get; set; } }",
            "it implements an interface explicitly"
        },
        {
            "FES0004",
            "[Event] public sealed record Placed(C<int> Item); public sealed record C<T>(T Item, C<C<T>>? Deep);",
            "'C<T>' cannot be stored: it leads to types that are nested without end, such as 'C<C<C<"
        },
        {
            "FES0004",
            "[Event] public sealed record Placed(C<int, int> Item); public sealed record C<A, B>(A First, C<List<B>, C<A, B>[]>? Deep);",
            "'C<A, B>' cannot be stored: it leads to types that are nested without end"
        },
        {
            "FES0005",
            "[Event] public sealed class Placed { private int _x; public ref readonly int X => ref _x; }",
            "it returns by reference"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed : Base { public new string Name { get; init; } = \"\"; } public abstract record Base { "
                + "public string Name { get; init; } = \"\"; }",
            "'Base.Name' of type 'string' cannot be stored: 'Placed.Name' has the same name"
        },
        {
            "FES0011",
            "[Event] public sealed class Placed(int secret) { [JsonConstructor] public Placed() : this(0) { } public int A { get; set; } "
                + "public int Get() => secret; }",
            "'Placed.secret' is a parameter that the type keeps and " + NotStored
        },
        {
            "FES0011",
            "[Event] public sealed class Placed(int secret) { [JsonConstructor] public Placed() : this(0) { } public int A { get; set; } "
                + "public int Secret => secret; }",
            "'Placed.secret' is a parameter"
        },
        {
            "FES0011",
            "[Event] public sealed class Placed(int a) { public int A { get; set; } public int Get() => a; }",
            "'Placed.a' is a parameter"
        },
        {
            "FES0011",
            "[Event] public sealed record Placed(S V); public struct S(int secret) { [JsonConstructor] public S() : this(0) { } public "
                + "int A { get; set; } public readonly int Get() => secret; }",
            "'S.secret' is a parameter"
        },
        {
            "FES0011",
            "[Event] public sealed class Placed : Base { [JsonConstructor] public Placed() : base(1) { } public Placed(int step) : "
                + "base(step) { } public int A { get; set; } } public abstract class Base(int step) { public int Next(int value) => value "
                + "+ step; }",
            "'Base.step' is a parameter"
        },
        {
            "FES0011",
            "[Document] public sealed class Cart : Base { [JsonConstructor] public Cart() : base(1) { } public Cart(string text) : "
                + "base(text.Length) { } public Guid Id { get; set; } } public abstract class Base(int step) { public int Next(int value) "
                + "=> value + step; }",
            "'Base.step' is a parameter"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public sealed class Things(int cap) : List<int> { public Things() : "
                + "this(5) { } public int Max() => cap; }",
            "'Things.cap' would be lost, since only the items of a collection are stored"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public sealed class Things(int cap) : List<int> { public Things() : "
                + "this(5) { } public int Max => cap; }",
            "'Things.cap' would be lost"
        },
        {
            "FES0005",
            "[Event] public sealed record Placed(Things Things); public sealed class Things : OrderedDictionary<string, int>;",
            "it implements IEnumerable"
        },
        {
            "FES0004",
            "[Event] public sealed record Placed(Four Four); [System.Runtime.CompilerServices.InlineArray(4)] public struct Four { "
                + "[JsonInclude] public int First; }",
            "'Four' cannot be stored: it is an inline array, and only one of its items would be stored"
        },
    };

    private const string Money = """
        public sealed class Money
        {
            private readonly decimal _amount;
            public Money() { }
            public Money(decimal amount, string currency) => (_amount, Currency) = (amount, currency);
            public decimal Amount => _amount;
            public string Currency { get; init; } = "";
        }
        """;

    private const string Bag = """
        public sealed class Bag<T> : IEnumerable<T>
        {
            private readonly List<T> _items = [];
            public void Add(T item) => _items.Add(item);
            public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
        """;

    [Theory, MemberData(nameof(Refused))]
    public void What_would_be_lost_is_an_error(string id, string source, string message)
    {
        var diagnostics = Sources.Run(Sources.Parse(source), out _).Diagnostics.Where(diagnostic => diagnostic.Id == id).ToArray();
        diagnostics.Select(Sources.Describe).ShouldHaveSingleItem().ShouldContain(message);
        diagnostics[0].Location.IsInSource.ShouldBeTrue();
    }

    [Theory]
    [InlineData(
        "[Event] public sealed record Placed(int A) { [JsonIgnore] private string? _text; public string Text() => _text ??= \"\"; }")]
    [InlineData(
        "[Event] public sealed record Placed(int A) { [JsonInclude] private string? _text = null; public string? Text() => _text; }")]
    [InlineData("[Event] public sealed class Placed { private readonly int _a; public Placed(int a) => _a = a; public int A => _a; }")]
    [InlineData("[Event] public sealed class Placed { private int _a; public int A { get => _a; set => _a = value; } }")]
    [InlineData("[Event] public sealed class Placed(int a) { public int A => a; }")]
    [InlineData(
        "[Event] public sealed class Placed(int a) : Base(a) { public int Twice => A * 2; } public abstract class Base(int a) { public "
            + "int A => a; }")]
    [InlineData(
        "[Event] public sealed class Placed() : Base(7) { public int A { get; set; } } public abstract class Base(int step) { public int "
            + "Next(int value) => value + step; }")]
    [InlineData(
        "[Event] public sealed class Placed(int a, string note) { public int A { get; } = a; public string Note { get; init; } = "
            + "note.Trim(); }")]
    [InlineData(
        "[Event] public sealed class Placed(int a) { [JsonConstructor] public Placed() : this(1) { } public int A { get; set; } "
            + "[JsonIgnore] public int Cached => a; }")]
    [InlineData(
        "[Event] public sealed record Placed(Things Things); public sealed class Things(int size) : List<int>(size) { public Things() : "
            + "this(4) { } }")]
    [InlineData(
        "[Event] public sealed record Placed(int A) { private static int _count; private const int Most = 3; public static int Next() => "
            + "_count++ + Most; }")]
    [InlineData("[Event] public sealed record Placed { public double Rate => 1.5; }")]
    [InlineData("[Event] public sealed record Placed; [Event] public sealed class Moved; [Event] public readonly struct Left;")]
    [InlineData(
        "[Event] public sealed record Placed(Payment Payment); [JsonDerivedType(typeof(Cash), \"cash\")] public abstract record Payment; "
            + "public sealed record Cash : Payment;")]
    [InlineData(
        "[Event] public sealed class Placed { public event Action? Changed; public int A { get; set; } public void Change() => "
            + "Changed?.Invoke(); }")]
    [InlineData(
        "[Event] public sealed record Placed(int A) { [JsonIgnore] internal int Count { get; set; } private int Twice => A * 2; public "
            + "int Sum() => Twice; }")]
    [InlineData(
        "[Event] public sealed record Placed : Base { public override int A { get; init; } } public abstract record Base { public virtual "
            + "int A { get; init; } }")]
    [InlineData(
        "[Event] public sealed record Placed : Base { public new string Value { get => (string)base.Value; set => base.Value = value; } } "
            + "public abstract record Base { public object Value { get; set; } = \"\"; }")]
    [InlineData(
        "[Aggregate] public sealed partial class Order { private int _count; public void Apply(Placed e) => _count++; } [Event] public "
            + "sealed record Placed;")]
    [InlineData(
        "[Event] public sealed record Placed(Basket Basket); public sealed record Basket(IReadOnlyList<int> Lines) : IEnumerable<int> { "
            + "public IEnumerator<int> GetEnumerator() => Lines.GetEnumerator(); System.Collections.IEnumerator "
            + "System.Collections.IEnumerable.GetEnumerator() => GetEnumerator(); }")]
    public void What_is_stored_ignored_or_shown_by_what_is_read_back_is_not_reported(string source) =>
        Sources.Generate(Sources.Parse(source), out _);

    [Theory]
    [InlineData(
        "public readonly struct Instant { private readonly long _ticks; private Instant(long ticks) => _ticks = ticks; public static "
            + "Instant FromTicks(long ticks) => new(ticks); public long ToTicks() => _ticks; }",
        "none of its members is read back, and any other state of it is not seen")]
    [InlineData(
        "public sealed class Instant { private readonly int _hour; public Instant() { } public Instant(int hour) => _hour = hour; public "
            + "Instant(int hour, int minute) => _hour = hour + minute; public int Hour => _hour; }",
        "none of its members is read back")]
    [InlineData(
        "public sealed class Instant : IEnumerable<int> { public IEnumerator<int> GetEnumerator() => throw new NotSupportedException(); "
            + "System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator(); }",
        "it implements IEnumerable")]
    public void A_type_of_another_assembly_that_shows_nothing_to_read_back_is_an_error_at_the_member_that_holds_it(
        string type, string message)
    {
        var diagnostics =
            Sources.Run(
                Sources.Parse("[Event] public sealed record Placed(global::Library.Instant At);", "App", references: [Library(type)]),
                out _).Diagnostics;
        diagnostics.Select(Sources.Describe).ShouldHaveSingleItem().ShouldContain(message);
        diagnostics[0].Location.SourceTree!
            .GetText(TestContext.Current.CancellationToken)
            .ToString(diagnostics[0].Location.SourceSpan)
            .ShouldBe("At");
    }

    [Theory]
    [InlineData("public sealed record Instant;")]
    [InlineData("public sealed class Instant { }")]
    [InlineData("public sealed record Instant : Base; public abstract record Base { private protected Base() { } }")]
    [InlineData("public readonly record struct Instant;")]
    public void A_type_of_another_assembly_that_shows_no_member_at_all_is_empty(string type) =>
        Sources.Generate(
            Sources.Parse("[Event] public sealed record Placed(global::Library.Instant At);", "App", references: [Library(type)]), out _);

    private static PortableExecutableReference Library(string type) =>
        MetadataReference.CreateFromImage(LoadedCase.Emit(Sources.Parse("namespace Library; " + type, "The.Library")));
}
