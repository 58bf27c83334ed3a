using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Reading;

/// <summary>JSON that somebody wrote by SQL, and events without JSON: what readers are told, and that all else goes on.</summary>
public sealed class BadJsonTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""'{"text": 5}'""", "$.text", """{"text": 5}""")]
    [InlineData("""'{"text": "a", "weight": 1e400}'""", "$.weight", """{"text": "a", "weight": 1000""")]
    [InlineData("""'{"text": null, "weight": 1}'""", "$.text", """{"text": null, "weight": 1}""")]
    [InlineData("""'{"text": ["a"]}'""", "$.text", """{"text": ["a"]}""")]
    [InlineData("""'{"text": "a", "weight": "heavy"}'""", "$.weight", """{"text": "a", "weight": "heavy"}""")]
    [InlineData("'{}'", "$", "{}")]
    [InlineData("'[]'", "$", "[]")]
    [InlineData("'null'", "$", "null")]
    [InlineData("'5'", "$", "5")]
    [InlineData("""('{"text": ' || repeat('[', 1000) || repeat(']', 1000) || '}')::jsonb""", "$.text", """{"text": [[[""")]
    [InlineData("""('{"text": "a", "unknown": ' || repeat('[', 1000) || repeat(']', 1000) || '}')::jsonb""", "$.unknown[0]", "…[[[")]
    [InlineData("""jsonb_build_object('text', 'a', 'weight', repeat('ß', 25000000))""", "$.weight", """{"text": "a", "weight": "ßß""")]
    public async Task Every_way_of_reading_tells_where_stored_json_does_not_fit(string json, string path, string excerpt)
    {
        var commit = await bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("b"));
        await bank.TamperAsync($"update {{schema}}.events set data = {json} where position = {commit.Position}");
        await using var session = bank.Store.OpenSession();
        var eventId = (await session.Events.FetchStreamAsync(_id, new StreamRange { To = 1 }, Cancellation))[0].Id;

        Func<Task>[] readings =
        [
            () => session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation),
            () => session.Events.ReadStreamAsync(_id, cancellationToken: Cancellation).ToListAsync(Cancellation).AsTask(),
            () => session.Events.ReadAllAsync(new LogRange { After = commit.Position - 1 }, Cancellation)
                .ToListAsync(Cancellation)
                .AsTask(),
            () => session.Events.AggregateStreamAsync<Account>(_id, cancellationToken: Cancellation),
        ];
        foreach (var read in readings)
        {
            var refusal = await Should.ThrowAsync<EventSerializationException>(read);
            (refusal.TypeName, refusal.TypeVersion, refusal.StreamId, refusal.Version, refusal.Position).ShouldBe(
                ("note-taken", 1, _id, 2, commit.Position));
            refusal.Path.ShouldStartWith(path);
            refusal.Excerpt.ShouldStartWith(excerpt);
            refusal.Excerpt.Length.ShouldBeLessThanOrEqualTo(200);
            refusal.Message.Length.ShouldBeLessThan(1_000);
        }

        (await session.Events.FetchEventAsync(eventId, cancellationToken: Cancellation))!.Data.ShouldBe(new NoteTaken("a"));
        session.Events.Append(_id, new NoteTaken("c"));
        (await session.SaveChangesAsync(Cancellation)).Position.ShouldBeGreaterThan(commit.Position);
    }

    [Fact]
    public async Task Of_two_properties_of_one_name_the_database_keeps_the_last_one()
    {
        var commit = await bank.AppendAsync(_id, new NoteTaken("a"));
        await bank.TamperAsync(
            $$"""update {schema}.events set data = '{"text": "b", "weight": 1, "text": "c"}' where position = {{commit.Position}}""");

        (await bank.FetchAsync(_id))[0].Data.ShouldBe(new NoteTaken("c"));
    }

    [Fact]
    public async Task Headers_that_are_not_texts_are_read_as_their_json_however_deep_it_is()
    {
        var commit = await bank.AppendAsync(_id, new NoteTaken("a"));
        await bank.TamperAsync($$"""
            update {schema}.events
            set headers = ('{"deep": ' || repeat('[', 1000) || repeat(']', 1000) || ', "number": 5}')::jsonb
            where position = {{commit.Position}}
            """);

        var headers = (await bank.FetchAsync(_id))[0].Headers;
        headers["deep"].ShouldBe(new string('[', 1000) + new string(']', 1000));
        headers["number"].ShouldBe("5");
    }

    [Fact]
    public async Task A_session_whose_event_has_no_json_writes_nothing_and_goes_on_without_it()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("good"));
        session.Events.Append(_id, new Riddle("sphinx"));
        session.Store(new Customer { Id = Guid.NewGuid(), Name = _id.Value });

        // Again as before: nothing was sent.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refusal = await Should.ThrowAsync<EventSerializationException>(() => session.SaveChangesAsync(Cancellation));
            (refusal.TypeName, refusal.StreamId, refusal.Version, refusal.Position).ShouldBe(("riddle", _id, 0, 0));
            (refusal.Path, refusal.Excerpt).ShouldBe(("$.answer", """{"asker":"sphinx","answer":"""));
            refusal.InnerException.ShouldBeOfType<NotSupportedException>();
        }

        (await bank.FetchAsync(_id)).ShouldBeEmpty();
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_customer where data ->> 'name' = '{_id}'")).ShouldBe(0L);

        session.EjectAllPendingChanges();
        session.Events.Append(_id, new NoteTaken("good"));
        await session.SaveChangesAsync(Cancellation);
        (await bank.FetchAsync(_id)).ShouldHaveSingleItem().Data.ShouldBe(new NoteTaken("good"));
    }

    [Fact]
    public async Task A_unit_without_json_fails_alone_among_those_that_are_saved_at_once()
    {
        var units = Enumerable.Range(0, 40).Select(async index =>
        {
            StreamId id = $"{_id}-{index}";
            await using var session = bank.Store.OpenSession();
            session.Events.Append(id, index % 4 == 0 ? new Riddle("sphinx") : new NoteTaken("good"));
            if (index % 4 == 0)
                await Should.ThrowAsync<EventSerializationException>(() => session.SaveChangesAsync(Cancellation));
            else
                (await session.SaveChangesAsync(Cancellation)).Position.ShouldBeGreaterThan(0);

            (await bank.FetchAsync(id)).Count.ShouldBe(index % 4 == 0 ? 0 : 1);
        });

        await Task.WhenAll(units);
    }
}
