using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

public sealed class UpcasterTests
{
    private const string Shapes = """
        namespace Bank
        {
            [Event("money-deposited", Version = 3)] public sealed record MoneyDeposited(decimal Amount, string Currency, long Version);
            [Event("money-deposited", Version = 2), Obsolete("")] public sealed record MoneyDepositedV2(decimal Amount, string Currency);
        }
        """;

    private const string Chain = """
        namespace Bank
        {
            using System.Text.Json;

            public class Outer
            {
                internal static class Upcasters
                {
                    [Upcaster, Obsolete("")]
                    internal static MoneyDeposited @event(in MoneyDepositedV2 old, in EventMetadata metadata) =>
                        new(old.Amount, old.Currency, metadata.Version);
                }
            }

            public static class FromJson
            {
                [Upcaster("money-deposited"), Obsolete("")]
                public static MoneyDepositedV2 First(JsonElement old) => new(old.GetProperty("amount").GetDecimal(), "EUR");

                [Upcaster("money-in", Version = 4)]
                public static MoneyDeposited Renamed(JsonElement old, EventMetadata metadata) =>
                    new(1m, metadata.TypeName, metadata.TypeVersion);
            }
        }
        """;

    /// <summary>Reads a stored event as a store would, and tells its data or why it could not be read.</summary>
    private const string Reading = """
        public static class Stored
        {
            public static string Read(string name, int version, string json)
            {
                const System.Reflection.BindingFlags Internal =
                    System.Reflection.BindingFlags.Static
                        | System.Reflection.BindingFlags.Instance
                        | System.Reflection.BindingFlags.NonPublic;
                var catalog = typeof(FluentEventStore.Serialization.EventCatalog);
                var arguments = new object?[] { name, version, null };
                var found = catalog.GetMethods(Internal)
                    .Single(method => method.Name == "TryGet" && method.GetParameters().Length == 3)
                    .Invoke(null, arguments);
                if (!(bool)found!) return "unknown";
                var read = arguments[2]!.GetType().GetMethod("Read", Internal)!.CreateDelegate<Reader>(arguments[2]);
                var reader = new System.Text.Json.Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
                reader.Read();
                try
                {
                    var metadata = new EventMetadata
                    {
                        TypeName = name,
                        TypeVersion = version,
                        Version = 7,
                        StreamId = "s",
                        Position = 9
                    };
                    return read(ref reader, metadata).ToString()!;
                }
                catch (EventSerializationException failure)
                {
                    return failure.InnerException!.GetType().Name + ": " + failure.Message;
                }
            }

            public delegate IEvent Reader(ref System.Text.Json.Utf8JsonReader reader, in EventMetadata metadata);
        }
        """;

    [Fact]
    public void A_chain_is_followed_to_its_end_from_json_and_from_types_with_and_without_metadata() => Run(Shapes + Chain, """
        string.Join("\n",
            Stored.Read("money-deposited", 1, "{\"amount\":1.5}"),
            Stored.Read("money-deposited", 2, "{\"amount\":2,\"currency\":\"CHF\"}"),
            Stored.Read("money-deposited", 3, "{\"amount\":3,\"currency\":\"USD\",\"version\":3}"),
            Stored.Read("money-in", 4, "[]"),
            Stored.Read("money-in", 3, "{}"))
        """).ShouldBe("""
        s/7 money-deposited: MoneyDeposited { Amount = 1.5, Currency = EUR, Version = 7 }
        s/7 money-deposited: MoneyDeposited { Amount = 2, Currency = CHF, Version = 7 }
        s/7 money-deposited: MoneyDeposited { Amount = 3, Currency = USD, Version = 3 }
        s/7 money-in: MoneyDeposited { Amount = 1, Currency = money-in, Version = 4 }
        unknown
        """);

    [Fact]
    public void An_upcaster_that_throws_is_named_with_the_event_and_its_own_exception_within() => Run(Shapes + Chain, """
        Stored.Read("money-deposited", 1, "{}")
        """).ShouldBe(
            "KeyNotFoundException: Event 7 of stream 's' (position 9, type 'money-deposited' in version 1) cannot be read at $: "
            + "The upcaster Bank.FromJson.First failed: The given key was not present in the dictionary.");

    [Fact]
    public void An_upcaster_that_returns_null_is_an_error() => Run("""
        [Event(Version = 2)] public sealed record Paid;
        [Event("paid")] public sealed record PaidV1;
        public static class Upcasters { [Upcaster] public static Paid Up(PaidV1 old) => null!; }
        """, "Stored.Read(\"paid\", 1, \"{}\")").ShouldEndWith("The upcaster Upcasters.Up failed: It returned null.");

    [Fact]
    public void Structs_are_upcast_too() => Run("""
        [Event(Version = 2)] public readonly record struct Moved(int X, int Y);
        [Event("moved")] public readonly record struct MovedV1(int X);
        public static class Upcasters { [Upcaster] public static Moved Up(MovedV1 old) => new(old.X, -1); }
        """, "Stored.Read(\"moved\", 1, \"{\\\"x\\\":5}\")").ShouldBe("s/7 moved: Moved { X = 5, Y = -1 }");

    [Fact]
    public void Old_shapes_without_upcasters_stay_types_of_their_own_and_nothing_complains() => Run("""
        [Event("paid", Version = 3)] public sealed record Paid(int A);
        [Event("paid", Version = 2)] public sealed record PaidV2(int B);
        [Event("paid")] public sealed record PaidV1(int C);
        """, "Stored.Read(\"paid\", 1, \"{\\\"c\\\":5}\")").ShouldBe("s/7 paid: PaidV1 { C = 5 }");

    [Fact]
    public void A_version_may_be_skipped_where_it_has_an_upcaster_of_its_own_and_newer_ones_may_lead_back() => Run("""
        using System.Text.Json;
        [Event(Version = 3)] public sealed record Paid(int A);
        [Event("paid", Version = 2)] public sealed record PaidV2(int B);
        [Event("paid")] public sealed record PaidV1(int C);
        public static class Upcasters
        {
            [Upcaster] public static Paid One(PaidV1 old) => new(old.C);
            [Upcaster] public static Paid Two(PaidV2 old) => new(old.B);
            [Upcaster("paid", Version = 4)] public static Paid FromNextRelease(JsonElement next) => new(next.GetProperty("d").GetInt32());
        }
        """, "Stored.Read(\"paid\", 1, \"{\\\"c\\\":5}\") + Stored.Read(\"paid\", 4, \"{\\\"d\\\":6}\")").ShouldBe(
            "s/7 paid: Paid { A = 5 }s/7 paid: Paid { A = 6 }");

    [Fact]
    public void A_chain_goes_on_across_assemblies()
    {
        var library = Library(Shapes + Chain);
        Sources.Generate(Sources.Parse("using Bank;\n" + Reading + """
            [Event("money-deposited", Version = 4)] public sealed record Deposit(decimal Euros);
            public static class More { [Upcaster] public static Deposit Up(MoneyDeposited old) => new(old.Amount * 2); }
            public static class Test
            {
                public static string Run()
                {
                    FluentEventStore.Generated.AppCatalog.Register();
                    return Stored.Read("money-deposited", 1, "{\"amount\":1.5}");
                }
            }
            """, "App", references: [Image(library)]), out var app);
        LoadedCase.Run(library, app).ShouldBe("s/7 money-deposited: Deposit { Euros = 3.0 }");
    }

    [Theory]
    [InlineData(
        """[Event("money-deposited", Version = 4)] public sealed record Deposit(decimal Euros);""",
        "FES0020",
        "from version 3 of the event 'money-deposited', whose current version is 4")]
    [InlineData(
        "public static class More { [Upcaster] public static MoneyDeposited Up(MoneyDepositedV2 old) => null!; }",
        "FES0018",
        "an upcaster to 'Bank.MoneyDeposited' in a referenced assembly")]
    [InlineData(
        "public static class More { [Upcaster] public static MoneyDepositedV2 Up(MoneyDeposited old) => null!; }",
        "FES0019",
        "'More.Up' leads back to version 3")]
    public void What_breaks_a_chain_of_a_referenced_assembly_is_reported(string source, string id, string message)
    {
        var library = Library(Shapes.Replace(", Obsolete(\"\")", "") + Chain);
        var diagnostics = Sources.Run(Sources.Parse("using Bank;\n" + source, "App", references: [Image(library)]), out _).Diagnostics;
        diagnostics.Select(Sources.Describe).ShouldHaveSingleItem().ShouldContain(message);
        diagnostics[0].Id.ShouldBe(id);
    }

    [Fact]
    public void The_catalog_registers_upcasters_after_the_events_that_they_lead_to() => Snapshot.Match(Sources.Generate(Sources.Parse("""
        namespace Bank;

        [Event("paid", Version = 2)] public sealed record Paid(int A);
        [Event("paid")] public sealed record PaidV1(int A);

        public static class Upcasters
        {
            [Upcaster] public static Paid Up(PaidV1 old, EventMetadata metadata) => new(old.A);
            [Upcaster("paid-up")] public static PaidV1 From(System.Text.Json.JsonElement old) => new(1);
        }
        """), out _), "Upcaster");

    private static string Run(string source, string expression)
    {
        Sources.Generate(Sources.Parse($$"""
            {{source}}
            {{Reading}}
            public static class Test { public static string Run() => {{expression}}; }
            """), out var output);
        return LoadedCase.Run(output);
    }

    private static Compilation Library(string source)
    {
        Sources.Generate(Sources.Parse(source, "The.Library"), out var library);
        return library;
    }

    private static PortableExecutableReference Image(Compilation compilation) =>
        MetadataReference.CreateFromImage(LoadedCase.Emit(compilation));
}
