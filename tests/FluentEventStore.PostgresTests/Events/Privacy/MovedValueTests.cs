using System.Text.Json;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>An encrypted value is of use in its own place alone, and what only looks encrypted is never opened.</summary>
public sealed class MovedValueTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PersonRegistered Ada =>
        new(_id, "Ada Lovelace", "ada@example.org", "555-0100", new DateOnly(1815, 12, 10), new Address("St James's", "London"));

    [Theory]
    [InlineData("jsonb_set(data, '{email}', data->'name')", "$.email")]
    [InlineData("jsonb_set(data, '{name,s}', to_jsonb('{other}'::text))", "$.name")]
    [InlineData(
        "jsonb_set(data, '{name,$enc}', to_jsonb(overlay(data->'name'->>'$enc' placing case when data->'name'->>'$enc' like "
            + "'____________________________________________________AA%' then 'BB' else 'AA' end from 53)))",
        "$.name")]
    [InlineData("jsonb_set(data, '{name,$enc}', '\"AQID\"')", "$.name")]
    [InlineData("jsonb_set(data, '{name,$enc}', '\"A===\"')", "$.name")]
    [InlineData("jsonb_set(data, '{address,$enc}', '5')", "$.address")]
    [InlineData("data #- '{born,s}'", "$.born")]
    public async Task A_value_that_was_changed_or_moved_is_an_error_that_says_where(string tampered, string path)
    {
        var other = Guid.NewGuid();
        await bank.AppendAsync(other, Ada with { PersonId = other });
        await bank.AppendAsync(_id, Ada);
        await bank.TamperAsync(
            $"update {{schema}}.events set data = {tampered.Replace("{other}", other.ToString(), StringComparison.Ordinal)} where "
                + $"data->>'personId' = '{_id}'");

        var failure = await Should.ThrowAsync<EventSerializationException>(() => bank.FetchAsync(_id));
        (failure.StreamId, failure.Version, failure.TypeName).ShouldBe((_id, 1, "person-registered"));
        failure.Path.ShouldStartWith(path);
        failure.Message.ShouldContain("encrypted value");
        failure.Excerpt.ShouldNotContain(Ada.Email);
    }

    [Theory]
    [InlineData("jsonb_set(data, '{name}', (select o.data->'name' from {schema}.events o where o.id = '{other}'))", "$.name")]
    [InlineData(
        "jsonb_set(jsonb_set(data, '{name}', (select o.data->'name' from {schema}.events o where o.id = '{other}')), '{$}', (select "
            + "o.data->'$' from {schema}.events o where o.id = '{other}'))",
        "$.born")]
    [InlineData("(select o.data from {schema}.events o where o.id = '{other}')", "$")]
    public async Task A_value_of_another_event_of_the_same_subject_is_an_error(string tampered, string path)
    {
        await bank.AppendAsync(_id, Ada, Ada with { Name = "Countess" });
        var ids = (await bank.FetchAsync(_id)).Select(static e => e.Id).ToArray();
        await bank.TamperAsync(
            $"update {{schema}}.events set data = {tampered.Replace("{other}", ids[1].ToString(), StringComparison.Ordinal)} where id = "
                + $"'{ids[0]}'");

        var failure = await Should.ThrowAsync<EventSerializationException>(() => bank.FetchAsync(_id));
        failure.Version.ShouldBe(1);
        failure.Path.ShouldStartWith(path);
        failure.Reason.ShouldContain("encrypted value");
    }

    [Fact]
    public async Task Values_that_are_exchanged_between_the_people_of_a_list_are_an_error()
    {
        await bank.AppendAsync(
            _id, new GuestsInvited([new Guest($"{_id}-a", "Ada") { Diet = "none" }, new Guest($"{_id}-b", "Bob") { Diet = "much" }]));
        await bank.TamperAsync($$"""
            update {schema}.events
            set data = jsonb_set(
              jsonb_set(data, '{guests,0,name}', data->'guests'->1->'name'), '{guests,1,name}', data->'guests'->0->'name')
            where data->'guests'->0->>'id' = '{{_id}}-a'
            """);

        var failure = await Should.ThrowAsync<EventSerializationException>(() => bank.FetchAsync(_id));
        failure.Path.ShouldStartWith("$.guests[0]");
        failure.Reason.ShouldContain($"'name' belongs to subject '{_id}-b', but its object names '{_id}-a'");
    }

    [Fact]
    public async Task Personal_data_whose_subject_was_changed_is_an_error_and_not_read_as_that_of_another()
    {
        await bank.AppendAsync(_id, Ada);
        await bank.TamperAsync(
            $"update {{schema}}.events set data = jsonb_set(data, '{{plan}}', '\"{_id}\"') || '{{\"personId\": \"{Guid.NewGuid()}\"}}' "
                + $"where data->>'personId' = '{_id}'");
        (await Should.ThrowAsync<EventSerializationException>(() => bank.FetchAsync(_id))).Reason.ShouldContain("the subject was changed");
    }

    [Fact]
    public async Task An_upcaster_gets_only_what_the_store_has_encrypted_in_the_event_decrypted()
    {
        await bank.AppendAsync(_id, Ada);
        var copied = (string)(await bank.ExecuteAsync(
            $"select (data->'name')::text from {{schema}}.events where data->>'personId' = '{_id}'"))!;
        var mark = (string)(await bank.ExecuteAsync($"select (data->'$')::text from {{schema}}.events where data->>'personId' = '{_id}'"))!;
        using var content = JsonDocument.Parse(
            $$"""{"name": {{copied}}, "$": {{mark}}, "x": [{"$enc": "AAAA"}, {"s": "bob", "$enc": "AQID"}, {"$enc": null, "a": 1}]}""");

        StreamId copier = $"copier-{_id}";
        await bank.AppendAsync(
            copier,
            new BagPacked(_id, "Ada", new BagKeeper(7, "+7"), content.RootElement),
            new BagPacked(Guid.Empty, null, null, content.RootElement));
        await bank.TamperAsync(
            $"update {{schema}}.events set type_version = 1 where stream = (select key from {{schema}}.streams where id = '{copier}')");

        await using var store = bank.CreateStore();
        await using var session = store.OpenQuerySession();
        var read = (await session.Events.FetchStreamAsync(copier, cancellationToken: Cancellation))
            .Select(static e => ((BagPacked)e.Data).Content)
            .ToList();
        read[0].GetProperty("name").GetString().ShouldBe("Ada");
        read[0].GetProperty("keeper").GetProperty("phone").GetString().ShouldBe("+7");
        read.ShouldAllBe(bag => JsonElement.DeepEquals(bag.GetProperty("content"), content.RootElement));

        _ = await store.Privacy.ForgetAsync(7L, cancellationToken: Cancellation);
        (await FetchBagAsync()).GetProperty("keeper").GetProperty("phone").ValueKind.ShouldBe(JsonValueKind.Null);
        _ = await store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        var forgotten = await FetchBagAsync();
        (forgotten.GetProperty("name").ValueKind, forgotten.GetProperty("keeper").ValueKind).ShouldBe(
            (JsonValueKind.Null, JsonValueKind.Null));
        JsonElement.DeepEquals(forgotten.GetProperty("content"), content.RootElement).ShouldBeTrue();

        async Task<JsonElement> FetchBagAsync() =>
            ((BagPacked)(await session.Events.FetchStreamAsync(copier, cancellationToken: Cancellation))[0].Data).Content;
    }
}
