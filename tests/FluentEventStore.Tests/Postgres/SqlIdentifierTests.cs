using FluentEventStore.Postgres;

namespace FluentEventStore.Tests.Postgres;

public sealed class SqlIdentifierTests
{
    private static readonly string Longest = new('a', 63);

    [Theory]
    [InlineData("events")]
    [InlineData("_")]
    [InlineData("user")]
    [InlineData("doc_order_line2")]
    [InlineData("pgx")]
    public void A_plain_name_is_quoted_in_sql(string name)
    {
        var identifier = new SqlIdentifier(name);

        identifier.Name.ShouldBe(name);
        $"select * from {identifier}".ShouldBe($"select * from \"{name}\"");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Events")]
    [InlineData("1st")]
    [InlineData("order-line")]
    [InlineData("a b")]
    [InlineData("a.b")]
    [InlineData("a\"b")]
    [InlineData("events\n")]
    [InlineData("évènements")]
    [InlineData("pg_temp")]
    [InlineData("information_schema")]
    [InlineData("x; drop table y")]
    public void A_name_that_is_not_plain_is_refused(string name)
        => Should.Throw<ArgumentException>(() => new SqlIdentifier(name)).ParamName.ShouldBe(nameof(name));

    [Fact]
    public void A_name_has_at_most_63_bytes()
    {
        new SqlIdentifier(Longest).Name.ShouldBe(Longest);
        Should.Throw<ArgumentException>(() => new SqlIdentifier(Longest + "a")).Message.ShouldContain("(64 characters)");
    }

    [Fact]
    public void The_refusal_quotes_the_name_without_its_control_characters_and_says_what_is_allowed()
    {
        var name = "a'\r\n\u001b[31m\u202eb";

        var message = Should.Throw<ArgumentException>(() => new SqlIdentifier(name)).Message;

        message.ShouldStartWith(@"'a\u0027\u000d\u000a\u001b[31m\u202eb' cannot name a database object. Allowed are");
    }

    [Fact]
    public void A_huge_name_is_cut_in_the_refusal()
        => Should.Throw<ArgumentException>(() => new SqlIdentifier(new string('\0', 1_000_000))).Message.Length.ShouldBeLessThan(1_000);

    [Fact]
    public void The_default_names_nothing()
        => Should.Throw<InvalidOperationException>(() => default(SqlIdentifier).ToString());
}
