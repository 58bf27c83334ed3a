using System.Text.Json;

namespace FluentEventStore.Tests.Serialization;

/// <summary>What a user is told of a value that has no JSON: where, and what was written so far.</summary>
public sealed class UnwritableTests
{
    [Fact]
    public void A_getter_that_throws_is_the_inner_exception()
    {
        var refusal = Refuse(new Throwing("x", [1, 2]), "$.value", """{"before":"x","items":[1,2],"value":""");

        refusal.InnerException.ShouldBeOfType<NotSupportedException>();
        (refusal.Version, refusal.Position, refusal.StreamId).ShouldBe((0, 0, "s"));
        refusal.Message.ShouldBe("Event 'throwing' (version 1 of the type) for stream 's' cannot be written at $.value: no value");
    }

    [Fact]
    public void An_item_without_JSON_is_reported_with_its_place()
    {
        Refuse(Samples.Full() with { Texts = ["a", "b", "\0"] }, "$.texts[2]");
        Refuse(Samples.Full() with { IReadOnlyList = [new(1, 2), new(3, double.NaN)] }, "$.iReadOnlyList[1].y");
        Refuse(Samples.Full() with { ImmutableArray = default }, "$.immutableArray");
        Refuse(Samples.Full() with { Lines = [null!] }, "$.lines[0]");
        Refuse(Samples.Full() with { ByLong = new() { [5] = [[1], null!] } }, "$.byLong.5[1]");
    }

    [Fact]
    public void A_converter_that_throws_or_writes_no_value_is_reported_with_its_property()
    {
        Refuse(new Converted(new Money(1, "\0"), null, [], "a", "b"), "$.price");
        Refuse(new Converted(default, null, [new(1, "\0")], "a", "b"), "$.others[0]");
    }

    [Theory]
    [InlineData("1e20000")]
    [InlineData("1e-99999999999")]
    [InlineData("\"\\u0000\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void JSON_of_others_that_the_database_could_not_keep_is_reported_with_its_property(string json) =>
        Refuse(
            new Extended(1) { Rest = new() { ["good"] = JsonElement.Parse("[1]"), ["bad"] = JsonElement.Parse($"[1,{json}]") } },
            "$.bad[1]");

    [Fact]
    public void A_value_that_contains_itself_is_refused_also_as_personal_data()
    {
        var list = new List<Tree>();
        list.Add(new Tree(list));
        Refuse(new Tree(list)).Reason.ShouldContain("64 levels");

        var contact = new Fuzzing.Contact(1, "+1");
        contact.Next = contact;
        var refusal = Refuse(new Fuzzing.PatientAdmitted("p", "Ada Lovelace", default, contact, [], 4), "$.contact");
        refusal.Reason.ShouldContain("64 levels");
        refusal.Excerpt.ShouldNotContain("Ada Lovelace");
    }

    private static EventSerializationException Refuse<T>(T data, string? path = null, string? excerpt = null)
        where T : notnull
    {
        var refusal = Should.Throw<EventSerializationException>(() => StoredEvents.Write(data));
        refusal.Path.ShouldBe(path ?? refusal.Path);
        refusal.Excerpt.ShouldBe(excerpt ?? refusal.Excerpt);
        refusal.Excerpt.Length.ShouldBeLessThanOrEqualTo(200);
        refusal.Path.Length.ShouldBeLessThan(2_000);
        return refusal;
    }
}

[Event]
public sealed record Throwing(string Before, int[] Items)
{
    public string Value => throw new NotSupportedException("no value");
}
