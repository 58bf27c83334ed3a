using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

/// <summary>Collections that users declare themselves.</summary>
public sealed class OwnCollectionTests
{
    [Fact]
    public void A_collection_of_ones_own_is_an_array_of_its_items_and_a_dictionary_of_ones_own_an_object() => Probe.Run("""
        public sealed class Tags : List<string>;
        public class Things : System.Collections.ObjectModel.Collection<Thing>
        {
            [JsonIgnore] public int Inserted { get; private set; }
            protected override void InsertItem(int index, Thing item) { Inserted++; base.InsertItem(index, item); }
        }
        public sealed record Thing(int Size);
        public sealed class Names() : HashSet<string>(StringComparer.OrdinalIgnoreCase);
        public sealed class Lines : System.Collections.ObjectModel.KeyedCollection<int, Thing>
        {
            protected override int GetKeyForItem(Thing item) => item.Size;
        }
        public sealed class Prices() : Dictionary<string, decimal?>(StringComparer.OrdinalIgnoreCase);
        public sealed class Few<T> : ICollection<T>
        {
            private readonly List<T> _items = [];
            public int Count => _items.Count;
            public bool IsReadOnly { get; } = false;
            public void Add(T item) => _items.Add(item);
            public void Clear() => _items.Clear();
            public bool Contains(T item) => _items.Contains(item);
            public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);
            public bool Remove(T item) => _items.Remove(item);
            public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
        [Event]
        public sealed record Placed(Tags Tags, Things Things, Names Names, Lines Lines, Prices Prices, Few<Few<int>?> Few, Tags? None);
        public static class Test
        {
            public static string Run()
            {
                const string Given =
                    "{\"tags\":[\"a\",\"b\",\"a\"],\"things\":[{\"size\":1},{\"size\":2}],\"names\":[\"A\",\"a\",\"b\"],"
                        + "\"lines\":[{\"size\":7}],\"prices\":{\"X\":1.5,\"x\":null},\"few\":[[1,2],null]}";
                var read = Json.Read<Placed, FluentEventStore.Generated.PlacedJson>(Given);
                return $"{Json.Write<Placed, FluentEventStore.Generated.PlacedJson>(read)} "
                    + $"{read.Things.Inserted} {read.Lines[7]} {read.Prices["x"]}";
            }
        }
        """).ShouldBe(
            """{"tags":["a","b","a"],"things":[{"size":1},{"size":2}],"names":["A","b"],"lines":[{"size":7}]"""
                + ""","prices":{"X":null},"few":[[1,2],null],"none":null} 2 Thing { Size = 7 } """);

    [Fact]
    public void A_collection_that_takes_no_items_is_refused_when_it_is_written() => Probe.Run("""
        public sealed class Fixed : ICollection<int>
        {
            public int Count => 1;
            public bool IsReadOnly => true;
            public void Add(int item) => throw new NotSupportedException();
            public void Clear() => throw new NotSupportedException();
            public bool Contains(int item) => false;
            public void CopyTo(int[] array, int arrayIndex) { }
            public bool Remove(int item) => throw new NotSupportedException();
            public IEnumerator<int> GetEnumerator() { yield return 1; }
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
        [Event] public sealed record Placed(Fixed Items);
        public static class Test
        {
            public static string Run()
            {
                try { return Json.Write<Placed, FluentEventStore.Generated.PlacedJson>(new(new())); }
                catch (System.Text.Json.JsonException refused) { return refused.Message; }
            }
        }
        """).ShouldBe("Fixed takes no items, so it could not be read back.");

    [Fact]
    public void A_collection_of_another_assembly_is_restored_too()
    {
        var library = Sources.Parse(
            "namespace Library; public sealed class Tags : List<string> { public static Tags Empty => new(); } public class Sizes : "
                + "SortedDictionary<int, Tags>;",
            "The.Library");
        Sources.Generate(Sources.Parse("""
            [Event] public sealed record Placed(global::Library.Tags Tags, global::Library.Sizes? Sizes);
            public static class Test
            {
                public static string Run() =>
                    Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{\"tags\":[\"a\"],\"sizes\":{\"2\":[],\"1\":[\"b\"]}}");
            }
            """ + Probe.Source, "App", references: [MetadataReference.CreateFromImage(LoadedCase.Emit(library))]), out var app);
        LoadedCase.Run(library, app).ShouldBe("""{"tags":["a"],"sizes":{"1":["b"],"2":[]}}""");
    }

    [Fact]
    public void A_converter_wins_over_what_the_type_looks_like() => Probe.Run("""
        [JsonConverter(typeof(TagsConverter))] public sealed class Tags : List<string> { public string Owner { get; set; } = ""; }
        public sealed class TagsConverter : JsonConverter<Tags>
        {
            public override Tags Read(
                ref System.Text.Json.Utf8JsonReader reader, Type type, System.Text.Json.JsonSerializerOptions options) =>
                [.. reader.GetString()!.Split('+')];
            public override void Write(
                System.Text.Json.Utf8JsonWriter writer, Tags value, System.Text.Json.JsonSerializerOptions options) =>
                writer.WriteStringValue(string.Join('+', value));
        }
        [Event] public sealed record Placed(Tags Tags);
        public static class Test
        {
            public static string Run() => Json.Again<Placed, FluentEventStore.Generated.PlacedJson>("{\"tags\":\"a+b\"}");
        }
        """).ShouldBe("""{"tags":"a+b"}""");
}
