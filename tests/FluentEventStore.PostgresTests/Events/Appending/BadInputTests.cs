using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public sealed class BadInputTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly StreamId _id = Guid.NewGuid();

    [Fact]
    public async Task Null_and_objects_that_are_not_events_are_refused_at_the_call_with_their_index()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Events.Append(_id, new NoteTaken("a"), null!)).Message
            .ShouldContain("index 1 is null");
        Should.Throw<ArgumentException>(() => session.Events.Append(_id, new NoteTaken("a"), (object)"text")).Message
            .ShouldContain("index 1 is not an event: System.String");
        Should.Throw<ArgumentNullException>(() => session.Events.Append(_id, (IEnumerable<object>)null!));
        Should.Throw<ArgumentNullException>(() => session.Events.Append(_id, (object[])null!));
        Should.Throw<ArgumentException>(() => session.Events.StartStream(_id)).Message.ShouldContain("at least one event");

        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).Position.ShouldBe(0);
    }

    public static TheoryData<string> BadStreamIds => ["", new string('x', 251), "a\0b", "a\nb", "a\u007Fb", "\uD800", "x\uDC00y", "\uD83D"];

    [Theory, MemberData(nameof(BadStreamIds))]
    public void A_stream_id_that_is_empty_too_long_or_unstorable_is_refused(string text) =>
        Should.Throw<ArgumentException>(() => (StreamId)text);

    [Fact]
    public async Task The_default_stream_id_is_refused_by_every_call()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Events.Append(default, new NoteTaken("a")));
        Should.Throw<ArgumentException>(() => session.Events.StartStream(default, new NoteTaken("a")));
        await Should.ThrowAsync<ArgumentException>(() => session.Events.FetchStreamAsync(default));
        await Should.ThrowAsync<ArgumentException>(() => session.Events.FetchStreamStateAsync(default));
        Should.Throw<ArgumentException>(() => session.Events.ReadStreamAsync(default));
    }

    [Fact]
    public async Task An_empty_guid_is_refused_by_every_call_also_as_text_and_in_a_typed_id()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Events.Append(Guid.Empty, new NoteTaken("a"))).Message
            .ShouldContain("never assigned");
        Should.Throw<ArgumentException>(() => session.Events.Append(default(StudentId), new NoteTaken("a")));
        Should.Throw<ArgumentException>(() => session.Events.StartStream<Account>(Guid.Empty, new NoteTaken("a")));
        Should.Throw<ArgumentException>(() => session.Events.ArchiveStream(Guid.Empty.ToString()));
        await Should.ThrowAsync<ArgumentException>(() => session.Events.FetchForWritingAsync<Account>(Guid.Empty));
        await Should.ThrowAsync<ArgumentException>(() => session.Events.FetchLatestAsync<Account>(default(StudentId)));
        await Should.ThrowAsync<ArgumentException>(() => bank.Store.ExecuteAsync<Account>(Guid.Empty, static (_, _) => []));
        Should.Throw<ArgumentException>(
            () => new ImportedEvent(Guid.Empty, 1, new NoteTaken("a")) { Timestamp = DateTimeOffset.UnixEpoch });
        Should.Throw<ArgumentException>(() => new EventStoreOptions().Events.Retention.ForStream(Guid.Empty, keepLast: 1));
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).ShouldBe(Commit.WithoutEvents);
    }

    [Fact]
    public async Task The_longest_stream_id_and_any_script_are_stored()
    {
        foreach (var text in (string[])[new string('ä', 250), "😀/日本語/'\"\\;--%_ ", _id.Value.ToUpperInvariant()])
        {
            StreamId id = text;
            await bank.AppendAsync(id, new NoteTaken(text));
            (await bank.FetchAsync(id)).ShouldHaveSingleItem().StreamId.ShouldBe(id);
        }

        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    public static TheoryData<string, double, string> UnstorablePayloads => new()
    {
        { "a\0b", 1, "$.text" },
        { "lone \uD800 surrogate", 1, "$.text" },
        { "x\uDC00", 1, "$.text" },
        { "ok", double.NaN, "$.weight" },
        { "ok", double.PositiveInfinity, "$.weight" },
    };

    [Theory, MemberData(nameof(UnstorablePayloads))]
    public async Task An_event_that_has_no_storable_json_is_refused_before_anything_is_sent(string text, double weight, string path)
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("good"));
        session.Events.Append(_id, new NoteTaken(text, weight));
        var refusal = await Should.ThrowAsync<EventSerializationException>(() => session.SaveChangesAsync());

        refusal.TypeName.ShouldBe("note-taken");
        refusal.StreamId.ShouldBe(_id);
        refusal.Path.ShouldBe(path);
        refusal.Reason.ShouldNotBeEmpty();
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    public static TheoryData<string> UnstorableTexts => ["a\0b", "\uDFFF"];

    [Theory, MemberData(nameof(UnstorableTexts))]
    public async Task Metadata_that_cannot_be_stored_is_refused_at_the_call(string text)
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.CorrelationId = text);
        Should.Throw<ArgumentException>(() => session.CausationId = text);
        Should.Throw<ArgumentException>(() => session.UserName = text);
        Should.Throw<ArgumentException>(() => session.SetHeader("k", text));
        Should.Throw<ArgumentException>(() => session.SetHeader(text, "v"));
        Should.Throw<ArgumentException>(() => session.SetHeader("", "v"));
        Should.Throw<ArgumentException>(() => session.Events.Append(_id, new NoteTaken("a")).WithHeader("k", text));
        Should.Throw<ArgumentException>(() => bank.Store.OpenSession(text));
    }

    [Fact]
    public async Task Metadata_has_bounds_that_are_checked_at_the_call()
    {
        var longest = new string('v', 8_000);
        await using var session = bank.Store.OpenSession();
        (session.CorrelationId, session.CausationId, session.UserName) = (longest, longest, longest);
        var pending = session.Events.Append(_id, new NoteTaken("a"));
        for (var number = 0; number < 100; number++)
        {
            session.SetHeader($"session {number}", longest);
            pending.WithHeader(new string('k', 248) + $"{number:00}", longest);
        }

        Should.Throw<ArgumentException>(() => session.CorrelationId = longest + "v").Message.ShouldContain("8001");
        Should.Throw<ArgumentException>(() => session.CausationId = longest + "v");
        Should.Throw<ArgumentException>(() => session.UserName = longest + "v");
        Should.Throw<ArgumentException>(() => session.SetHeader("session 7", longest + "v"));
        Should.Throw<ArgumentException>(() => session.SetHeader("one more", "v"));
        Should.Throw<ArgumentException>(() => pending.WithHeader("one more", "v"));
        session.SetHeader("session 7", "replaced");
        var note = session.Events.Append(_id, new NoteTaken("b"));
        Should.Throw<ArgumentException>(() => note.WithHeader(new string('k', 251), "v"));
        Should.Throw<ArgumentException>(() => note.WithHeader("k", longest + "v"));

        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        var read = await bank.FetchAsync(_id);
        (read[0].Headers.Count, read[0].Headers["session 7"], read[1].Headers.Count).ShouldBe((200, "replaced", 100));
    }

    [Fact]
    public async Task An_event_of_fifty_megabytes_is_stored_and_read_back()
    {
        var text = new string('x', 25_000_000) + "\"\\\n\t😀" + new string('ß', 12_500_000);
        await bank.AppendAsync(_id, new NoteTaken(text));

        (((NoteTaken)(await bank.FetchAsync(_id))[0].Data).Text == text).ShouldBeTrue();
    }

    [Fact]
    public async Task A_stored_event_of_an_unknown_type_is_reported_with_its_place()
    {
        var commit = await bank.AppendAsync(_id, new NoteTaken("a"), new NoteTaken("b"));
        await bank.TamperAsync($"update {{schema}}.events set type = 'gone', type_version = 3 where position = {commit.Position}");

        var failure = await Should.ThrowAsync<UnknownEventTypeException>(() => bank.FetchAsync(_id));

        failure.TypeName.ShouldBe("gone");
        failure.TypeVersion.ShouldBe(3);
        failure.StreamId.ShouldBe(_id);
        failure.Version.ShouldBe(2);
        failure.Position.ShouldBe(commit.Position);
        failure.KnownVersions.ShouldBeEmpty();
        failure.Message.ShouldContain("[EventAlias(\"gone\")]");
    }

    [Theory]
    [InlineData("note-taken", 7, new[] { 1 }, "known in version 1. A newer release wrote it")]
    [InlineData("note-taken", 0, new[] { 1 }, "Declare the shape of version 0")]
    public async Task A_stored_event_in_an_unknown_version_is_reported_with_the_known_versions(
        string name, int version, int[] known, string advice)
    {
        var commit = await bank.AppendAsync(_id, new NoteTaken("a"));
        await bank.TamperAsync(
            $"update {{schema}}.events set type = '{name}', type_version = {version} where position = {commit.Position}");

        var failure = await Should.ThrowAsync<UnknownEventTypeException>(() => bank.FetchAsync(_id));

        failure.KnownVersions.ShouldBe(known);
        failure.Message.ShouldContain(advice);
    }

    [Fact]
    public async Task A_stored_event_with_members_that_its_type_does_not_know_is_read()
    {
        var commit = await bank.AppendAsync(_id, new NoteTaken("a"));
        await bank.TamperAsync(
            $$"""
            update {schema}.events set data = '{"weight": 2, "new": [{"a": [1]}], "text": "b", "$type": "x"}'
            where position = {{commit.Position}}
            """);

        (await bank.FetchAsync(_id))[0].Data.ShouldBe(new NoteTaken("b", 2));
    }

    [Fact]
    public async Task A_store_whose_schema_does_not_exist_says_what_to_do()
    {
        await using var store = bank.CreateStore(options => options.Schema = bank.Schema + "_x");
        await using var session = store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));

        var onWrite = await Should.ThrowAsync<SchemaMismatchException>(() => session.SaveChangesAsync());
        var onRead = await Should.ThrowAsync<SchemaMismatchException>(() => session.Events.FetchStreamAsync(_id));

        onWrite.Schema.ShouldBe(bank.Schema + "_x");
        onWrite.Sql.ShouldContain("create table", Case.Insensitive);
        onWrite.Message.ShouldContain("ApplyAsync");
        onRead.Sql.ShouldBe(onWrite.Sql);
    }

    [Fact]
    public void A_schema_name_that_is_not_plain_is_refused()
    {
        foreach (var name in (string[])["Bank", "a-b", "a;b", "", "1a", "a b", "ä", "pg_x", new string('a', 64)])
            Should.Throw<ArgumentException>(() => bank.CreateStore(options => options.Schema = name));
    }

    [Fact]
    public void A_store_without_a_connection_is_refused() => Should.Throw<ArgumentException>(() => EventStore.For(_ => { }));

    [Fact]
    public async Task A_disposed_session_is_refused()
    {
        var session = bank.Store.OpenSession();
        await session.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(() => session.SaveChangesAsync());
        await Should.ThrowAsync<ObjectDisposedException>(() => session.Events.FetchStreamAsync(_id));
        await Should.ThrowAsync<ObjectDisposedException>(() => session.LoadAsync<Customer>(Guid.NewGuid()));
        Should.Throw<ObjectDisposedException>(() => session.Events.ReadAllAsync());
        Should.Throw<ObjectDisposedException>(() => session.Events.Append(_id, new NoteTaken("a")));
        Should.Throw<ObjectDisposedException>(() => session.Store(new Customer { Name = "Ada" }));
    }

    [Fact]
    public async Task Nothing_is_added_to_events_that_are_saved()
    {
        await using var session = bank.Store.OpenSession();
        var saved = session.Events.Append(_id, new NoteTaken("a"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        session.Events.Append(_id, new NoteTaken("b"));

        Should.Throw<InvalidOperationException>(() => saved.WithHeader("k", "v"));
        Should.Throw<InvalidOperationException>(() => saved.WithEventId(Guid.NewGuid()));
    }

    [Fact]
    public void A_tenant_that_is_too_long_is_reported_as_such() =>
        Should.Throw<ArgumentException>(() => new TenantId(new string('x', 251))).Message.ShouldContain("tenant");

    [Fact]
    public async Task A_refused_connection_passes_through_as_the_drivers_exception()
    {
        await using var store = EventStore.For(options => options.Connection("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2"));
        await using var session = store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        await Should.ThrowAsync<Npgsql.NpgsqlException>(() => session.SaveChangesAsync());
    }
}
