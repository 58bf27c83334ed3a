using FluentEventStore.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace FluentEventStore.Tests.Postgres;

public sealed class ShapedConditionsTests
{
    private static readonly ShapedConditions<string, int> Conditions = new(
        Condition('a', 1),
        Condition('b', 2),
        Condition('c', 3));

    [Theory]
    [InlineData("", "", new int[0])]
    [InlineData("b", "\n  and b > $4", new[] { 12 })]
    [InlineData("ca", "\n  and a > $4\n  and c > $5", new[] { 11, 13 })]
    public void A_shape_has_its_conditions_and_their_parameters_in_one_order(string shape, string text, int[] values)
    {
        var parameter = 4;
        var command = new NpgsqlBatchCommand();

        Conditions.Write(shape, ref parameter).ShouldBe(text);
        Conditions.AddParameters(command, shape, 10);

        parameter.ShouldBe(4 + values.Length);
        command.Parameters.Select(static added => ((NpgsqlParameter<int>)added).TypedValue).ShouldBe(values);
    }

    [Fact]
    public void A_text_is_written_once_for_each_shape()
    {
        List<string> written = [];
        var sql = new ShapedSql<string>(shape =>
        {
            written.Add(shape);
            return $"select {shape}";
        });

        var first = sql["a"];

        sql["a"].ShouldBeSameAs(first);
        sql["b"].ShouldBe("select b");
        written.ShouldBe(["a", "b"]);
    }

    private static ShapedCondition<string, int> Condition(char name, int offset) =>
        new(shape => shape.Contains(name), $"and {name} > {{0}}", (command, source) => command.With(source + offset, NpgsqlDbType.Integer));
}
