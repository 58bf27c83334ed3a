using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Text.Json;
using FluentEventStore.Generators.Codecs;
using FluentEventStore.Generators.Documents;
using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

/// <summary>What the generator knows of the members of events and documents, against what is written of them.</summary>
public sealed class MemberMapTests
{
    private const string Usings = "using System.Text.Json;\n";

    private const string Types = """

        public enum Kind { A, B }
        [StreamId] public readonly partial record struct OrderId(Guid Value);
        public sealed record Line(decimal Price, [property: JsonPropertyName("next line")] Line? Next, List<Line?> More);
        [JsonDerivedType(typeof(Card), "card")] public record Payment(int Cents);
        public sealed record Card(int Cents, string Number) : Payment(Cents);
        public sealed class Pair : JsonConverter<(int, int)>
        {
            public override (int, int) Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
                throw new JsonException();

            public override void Write(Utf8JsonWriter writer, (int, int) value, JsonSerializerOptions options) =>
                writer.WriteNumberValue(value.Item1);
        }
        """;

    // In the order of the properties: the type, its value, what it is in JSON, and the column.
    private static readonly (string Property, string Value, JsonTypes Json, bool IsNullable, string Column)[] Members =
    [
        ("Guid Id", "Guid.Empty", JsonTypes.Text, false, "uuid"),
        ("string Text", "\"a\"", JsonTypes.Text, false, "text"),
        ("string? MaybeText", "null", JsonTypes.Text, true, "text"),
        ("int? MaybeInt", "1", JsonTypes.Number, true, "integer"),
        ("DateTimeOffset At", "default", JsonTypes.Text, false, "timestamptz"),
        ("OrderId Order", "new(Guid.NewGuid())", JsonTypes.Text, false, "uuid"),
        ("OrderId? MaybeOrder", "null", JsonTypes.Text, true, "uuid"),
        ("Kind Kind", "Kind.B", JsonTypes.Text | JsonTypes.Number, false, "text"),
        ("Kind Unnamed", "(Kind)7", JsonTypes.Text | JsonTypes.Number, false, "text"),
        ("[property: JsonConverter(typeof(JsonNumberEnumConverter<Kind>))] Kind? ByNumber", "Kind.B", JsonTypes.Number, true, "integer"),
        ("[property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long AsText", "1", JsonTypes.Text, false, "bigint"),
        ("[property: JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)] long Lenient", "1", JsonTypes.Number, false, "bigint"),
        (
            "[property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Named", "double.NaN",
            JsonTypes.Text | JsonTypes.Number, false, "float8"),
        ("int[] Array", "[1]", JsonTypes.Array, false, "jsonb"),
        ("HashSet<string> Set", "[\"a\"]", JsonTypes.Array, false, "jsonb"),
        ("byte[] Bytes", "[1]", JsonTypes.Text, false, "text"),
        ("Dictionary<Kind, List<int>>? Map", "new()", JsonTypes.Object, true, "jsonb"),
        ("Line Line", "new(1, null, [])", JsonTypes.Object, false, "jsonb"),
        ("Payment Payment", "new Card(1, \"2\")", JsonTypes.Object, false, "jsonb"),
        ("[property: JsonConverter(typeof(Pair))] (int, int) Converted", "default", JsonTypes.Any, false, "jsonb"),
        ("[property: JsonPropertyName(\"a b\")] System.Text.Json.Nodes.JsonArray Renamed", "[]", JsonTypes.Array, false, "jsonb"),
    ];

    private static readonly string Properties = string.Join(", ", Members.Select(static member => member.Property));
    private static readonly string Values = string.Join(", ", Members.Select(static member => member.Value));

    [Theory]
    [InlineData("Event", "EntryJson")]
    [InlineData("Document", "EntryDocument")]
    public void A_map_describes_a_member_as_it_is_written(string attribute, string codec)
    {
        var source = $"{Usings}[{attribute}] public sealed record Entry({Properties});{Types}";
        var members = attribute == "Event" ? OfEvent(source, out _) : OfDocument(source, out _);
        members.Select(static member => (member.Name, member.Json, member.Codec.IsNullable, member.Column))
            .ShouldBe(Members.Select(static member => (member.Property.Split(' ')[^1], member.Json, member.IsNullable, member.Column)));

        var json = Probe.Run($$"""
            {{source}}
            public static class Test
            {
                public static string Run() => Json.Write<Entry, FluentEventStore.Generated.{{codec}}>(new Entry({{Values}}));
            }
            """);
        var written = JsonElement.Parse(json).EnumerateObject().ToArray();
        written.Select(static property => property.Name).ShouldBe(members.Select(static member => member.JsonName));
        foreach (var (property, member) in written.Zip(members))
        {
            if (property.Value.ValueKind == JsonValueKind.Null)
                member.Codec.IsNullable.ShouldBeTrue(member.Name);
            else
                (member.Json & TypeOf(property.Value)).ShouldNotBe(default, member.Name);
        }

        members[^1].JsonName.ShouldBe("a b");
    }

    [Fact]
    public void Personal_data_is_an_object_that_views_show_as_a_text() => OfEvent(
            "[Event] public sealed record Moved(Guid Id, [property: PersonalData(Subject = nameof(Id))] int? Age);", out _)[1]
        .ShouldSatisfyAllConditions(
            static member => member.Json.ShouldBe(JsonTypes.Object),
            static member => member.Codec.IsNullable.ShouldBeTrue(),
            static member => member.Column.ShouldBe("text"));

    [Fact]
    public void A_path_is_followed_from_codec_to_codec_into_a_type_that_holds_itself()
    {
        var source = $"{Usings}[Event] public sealed record Placed(Dictionary<string, Line[]> Lines, Payment Payment);{Types}";
        var members = OfEvent(source, out var map);

        var item = ((MapCodec)members[0].Codec).Item;
        var line = (ObjectCodec)((SequenceCodec)item).Item;
        map.MembersOf(line).Select(static member => member.JsonName).ShouldBe(["price", "next line", "more"]);
        ((NullableCodec)map.MembersOf(line)[1].Codec).Value.ShouldBe(line);
        map.MembersOf((ObjectCodec)members[1].Codec).ShouldHaveSingleItem().JsonName.ShouldBe("cents");
        map.Find("none").ShouldBeNull();
    }

    [Fact]
    public void Sets_of_NET_hold_each_item_once()
    {
        Type[] sets = [typeof(ISet<>), typeof(IReadOnlySet<>), typeof(IImmutableSet<>)];
        Type[] known = [.. KnownCollections.Sequences.Select(TypeOf)];
        var properties = known.Select(static (type, index) => $"{type.FullName!.Split('`')[0]}<int> A{index}");
        var members = OfEvent($"[Event] public sealed record Placed({string.Join(", ", properties)});", out _);
        members.Select(static member => ((SequenceCodec)member.Codec).IsSet).ShouldBe(known.Select(IsSet));

        bool IsSet(Type type) =>
            type.GetInterfaces().Append(type).Any(part => part.IsGenericType && sets.Contains(part.GetGenericTypeDefinition()));

        static Type TypeOf(string name) =>
            new[] { typeof(object), typeof(Stack<>), typeof(ConcurrentQueue<>), typeof(ObservableCollection<>), typeof(ImmutableList) }
                .Select(type => type.Assembly.GetType(name)).OfType<Type>().First();
    }

    [Fact]
    public void Every_kind_of_codec_is_among_those_of_these_members()
    {
        var members = OfEvent($"{Usings}[Event] public sealed record Entry({Properties}, Dictionary<int, int> ByInt);{Types}", out _);
        members.SelectMany(static member => PartsOf(member.Codec)).Select(static codec => codec.GetType()).Distinct()
            .ShouldBe(
                typeof(Codec).Assembly.GetTypes().Where(static type => !type.IsAbstract && type.IsSubclassOf(typeof(Codec))),
                ignoreOrder: true);
    }

    /// <summary>What a value is in JSON.</summary>
    internal static JsonTypes TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonTypes.Text,
        JsonValueKind.Number => JsonTypes.Number,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.Object => JsonTypes.Object,
        _ => default,
    };

    /// <summary>The members of the one event of a source.</summary>
    internal static MemberModel[] OfEvent(string source, out MemberMap map)
    {
        var model = Models<EventModel>(source, EventGenerator.ModelStep).ShouldHaveSingleItem();
        map = new MemberMap(model.Shapes);
        return [.. map.MembersOf(model.Codec)];
    }

    /// <summary>The members of the one document of a source.</summary>
    internal static MemberModel[] OfDocument(string source, out MemberMap map)
    {
        var model = Models<DocumentModel>(source, DocumentGenerator.ModelStep).ShouldHaveSingleItem();
        map = new MemberMap(model.Shapes);
        return [.. map.MembersOf(model.Codec)];
    }

    private static T[] Models<T>(string source, string step)
    {
        var compilation = Sources.Parse(source);
        var driver = Sources.Driver(compilation).RunGenerators(compilation, TestContext.Current.CancellationToken);
        var result = driver.GetRunResult().Results.Single();
        result.Diagnostics.Select(Sources.Describe).ShouldBeEmpty();
        return [.. result.TrackedSteps[step].SelectMany(static run => run.Outputs).Select(static output => output.Value).OfType<T>()];
    }

    private static IEnumerable<Codec> PartsOf(Codec codec) => codec.GetType().GetProperties()
        .Where(static property => property.PropertyType == typeof(Codec))
        .SelectMany(property => PartsOf((Codec)property.GetValue(codec)!))
        .Append(codec);
}
