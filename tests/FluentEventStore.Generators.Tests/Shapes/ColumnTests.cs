using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

/// <summary>The types of the columns of views.</summary>
public sealed class ColumnTests
{
    [Theory]
    [InlineData("int A", "integer")]
    [InlineData("int? A", "integer")]
    [InlineData("string? A", "text")]
    [InlineData("Int128? A", "numeric")]
    [InlineData("System.Numerics.BigInteger A", "numeric")]
    [InlineData("int[] A", "jsonb")]
    [InlineData("List<int>? A", "jsonb")]
    [InlineData("Dictionary<string, int>? A", "jsonb")]
    [InlineData("System.Collections.Immutable.ImmutableArray<int>? A", "jsonb")]
    [InlineData("[property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] long? A", "bigint")]
    [InlineData("[property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] UInt128 A", "numeric")]
    [InlineData("[property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double A", "float8")]
    [InlineData("[property: JsonConverter(typeof(JsonNumberEnumConverter<DayOfWeek>))] DayOfWeek A", "integer")]
    public void A_property_has_a_column_of_a_type_that_takes_all_its_values(string property, string type)
    {
        var result = Sources.Generate(Sources.Parse($"[Event] public sealed record Placed({property});"), out _);

        result.GeneratedSources.Single(static source => source.HintName == "ShopCatalog.g.cs").SourceText
            .ToString()
            .ShouldContain($"Columns = \"{type} a\"");
    }
}
