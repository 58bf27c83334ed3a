using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>What is personal is stored encrypted, and read by whoever has the key.</summary>
public sealed class PersonalDataTests(SnapshotStore bank) : IClassFixture<SnapshotStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PersonRegistered Ada =>
        new(_id, "Ada Lovelace", "ada@example.org", "555-0100", new DateOnly(1815, 12, 10), new Address("St James's", "London"));

    [Fact]
    public async Task Personal_data_is_in_no_table_as_plain_text_and_the_rest_is()
    {
        await bank.AppendAsync(_id, Ada);

        var stored = (string)(await bank.ExecuteAsync($"select data::text from {{schema}}.events where data->>'personId' = '{_id}'"))!;
        foreach (var secret in (string[])["Ada Lovelace", "example.org", "555-0100", "1815-12-10", "London"])
            stored.ShouldNotContain(secret);
        stored.ShouldContain("""
            "plan": "free"
            """);
        (await bank.ExecuteAsync($"select data->'name'->>'s' from {{schema}}.events where data->>'personId' = '{_id}'")).ShouldBe(
            _id.ToString());
        (await bank.ExecuteAsync($"select count(distinct data->'name'->>'$enc') from {{schema}}.events where data->>'personId' = '{_id}'"))
            .ShouldBe(1L);
    }

    [Fact]
    public async Task Null_for_personal_data_that_must_not_be_null_is_refused_however_it_is_appended()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("with it"), Ada with { Name = null! });
        (await Should.ThrowAsync<EventSerializationException>(() => session.SaveChangesAsync(Cancellation))).Message.ShouldContain(
            "$.name");

        var imported = new[] { new ImportedEvent(_id, 1, Ada with { Email = null! }) { Timestamp = DateTimeOffset.UnixEpoch } }
            .ToAsyncEnumerable();
        (await Should.ThrowAsync<Exception>(() => bank.Store.Transfer.ImportAsync(imported, cancellationToken: Cancellation)))
            .ToString()
            .ShouldContain("$.email");
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_value_is_encrypted_differently_each_time()
    {
        await bank.AppendAsync(_id, Ada, Ada);
        (await bank.ExecuteAsync($"select count(distinct data->'name'->>'$enc') from {{schema}}.events where data->>'personId' = '{_id}'"))
            .ShouldBe(2L);
    }

    [Fact]
    public async Task Every_way_of_reading_decrypts_in_a_store_that_fetches_the_keys_first()
    {
        await using (var writer = bank.CreateStoreWithoutSnapshots())
        {
            await using var session = writer.OpenSession(_id.ToString());
            session.Events.Append(_id, new NoteTaken("plain"), Ada, new NoteTaken("plain too"), Ada with { Name = "Countess" });
            await session.SaveChangesAsync(Cancellation);
        }

        object[] expected = [new NoteTaken("plain"), Ada, new NoteTaken("plain too"), Ada with { Name = "Countess" }];
        await ReadAsync(
            async session => (await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation))
                .Select(static e => e.Data)
                .ShouldBe(expected));
        await ReadAsync(
            async session => (await session.Events.ReadStreamAsync(_id, cancellationToken: Cancellation).ToListAsync(Cancellation))
                .Select(static e => e.Data)
                .ShouldBe(expected));
        await ReadAsync(
            async session => (await session.Events.ReadAllAsync(cancellationToken: Cancellation).ToListAsync(Cancellation))
                .Select(static e => e.Data)
                .ShouldBe(expected));
        await ReadAsync(
            async session => (await session.Events.ReadAllAsync(new LogRange { Backwards = true }, Cancellation).ToListAsync(Cancellation))
                .Select(static e => e.Data)
                .ShouldBe(expected.Reverse()));
        await ReadAsync(
            async session => (await session.Events.AggregateStreamAsync<Person>(_id, new StreamRange { To = 2 }, Cancellation))!.Name
                .ShouldBe("Ada Lovelace"));
        await ReadAsync(
            async session => (await session.Events.FetchForWritingAsync<Person>(_id, cancellationToken: Cancellation)).Aggregate!.Name
                .ShouldBe("Ada Lovelace"));
        await ReadAsync(async session => (await session.Events.FetchLatestAsync<Person>(_id, Cancellation))!.Name.ShouldBe("Ada Lovelace"));
        await ReadAsync(async session =>
        {
            session.Events.Append(_id, Ada with { Name = "Third" });
            await session.SaveChangesAsync(Cancellation);
            (await session.LoadAsync<Person>(_id, Cancellation))!.Name.ShouldBe("Ada Lovelace");
        });

        async Task ReadAsync(Func<IDocumentSession, Task> read)
        {
            // One connection: keys are fetched on it too.
            await using var store = bank.CreateStore(
                options => options.Connection(bank.ConnectionString + ";Maximum Pool Size=1;Timeout=60"));
            await using var session = store.OpenSession(_id.ToString());
            await read(session);
            await read(session);
        }
    }

    [Fact]
    public async Task A_value_that_was_stored_before_it_was_personal_reads_as_it_is()
    {
        await bank.AppendAsync(_id, Ada);
        await bank.TamperAsync($$"""
            update {schema}.events
            set data = data || '{"name": "Plain Ada", "born": "1815-12-11", "phone": null, "address": {"city": "Rome", "street": "Corso"} }'
            where data->>'personId' = '{{_id}}'
            """);

        var read = (PersonRegistered)(await bank.FetchAsync(_id))[0].Data;
        read.ShouldBe(
            Ada with { Name = "Plain Ada", Born = new DateOnly(1815, 12, 11), Phone = null, Address = new Address("Corso", "Rome") });
    }

    [Fact]
    public async Task Null_stays_null_and_needs_no_key()
    {
        await bank.AppendAsync(_id, new GuestsInvited([]));
        await bank.AppendAsync(_id, Ada with { Phone = null, Address = null });

        ((PersonRegistered)(await bank.FetchAsync(_id))[1].Data).ShouldBe(Ada with { Phone = null, Address = null });
        (await bank.ExecuteAsync($"select data->>'phone' is null from {{schema}}.events where data->>'personId' = '{_id}'")).ShouldBe(true);
    }

    [Fact]
    public async Task People_within_a_list_have_keys_of_their_own_also_where_constructors_refuse_stand_ins()
    {
        var invited = new GuestsInvited(
            [.. Enumerable.Range(0, 5).Select(index => new Guest($"{_id}-{index}", $"Guest {index}") { Diet = "none" })]);
        await bank.AppendAsync(_id, invited);
        await using var store = bank.CreateStore();
        _ = await store.Privacy.ForgetAsync($"{_id}-3", cancellationToken: Cancellation);

        var read = await FetchAsync<GuestsInvited>(store);
        read.Guests.Select(static guest => guest.Name).ShouldBe(["Guest 0", "Guest 1", "Guest 2", "?", "Guest 4"]);
        read.Guests[3].Diet.ShouldBe("");
    }

    [Fact]
    public async Task A_stream_is_compacted_with_an_event_that_holds_personal_data()
    {
        await bank.AppendAsync(_id, Ada, Ada with { Name = "Countess" }, new NoteTaken("after"));
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.CompactStream(_id, 2, Ada with { Name = "Countess" });
            await session.SaveChangesAsync(Cancellation);
        }

        (await bank.FetchAsync(_id)).Select(static e => e.Data).ShouldBe([Ada with { Name = "Countess" }, new NoteTaken("after")]);
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.events where data::text like '%Countess%'")).ShouldBe(0L);

        // After its subject is forgotten, the replacement is made of the value as it reads.
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        var nobody = (PersonRegistered)(await bank.FetchAsync(_id))[0].Data;
        nobody.Name.ShouldBe("");
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.CompactStream(_id, 3, nobody with { Plan = "compacted", Name = "Ada, as somebody else remembers" });
            await session.SaveChangesAsync(Cancellation);
        }

        (await bank.FetchAsync(_id)).ShouldHaveSingleItem().Data.ShouldBe(nobody with { Plan = "compacted" });
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.events where data::text like '%somebody else%'")).ShouldBe(0L);
    }

    [Fact]
    public async Task A_lost_key_is_an_error_and_not_taken_for_a_forgotten_subject()
    {
        await bank.AppendAsync(_id, Ada);
        await bank.TamperKeysAsync($"delete from {{schema}}_keys.subject_keys where subject = '{_id}'");
        await using var store = bank.CreateStore();

        (await Should.ThrowAsync<EventSerializationException>(() => FetchAsync<PersonRegistered>(store))).Reason.ShouldContain(
            $"'{_id}', whose key is lost");
    }

    [Fact]
    public async Task A_snapshot_is_not_folded_past_events_that_could_not_be_decrypted()
    {
        await using (var writer = bank.CreateStoreWithoutSnapshots())
        {
            await using var first = writer.OpenSession();
            first.Events.Append(_id, Ada);
            await first.SaveChangesAsync(Cancellation);
        }

        await bank.ExecuteAsync(
            $"create table {{schema}}.kept_{_id:N} as select * from {{schema}}_keys.subject_keys where subject = '{_id}'");
        await bank.TamperKeysAsync($"delete from {{schema}}_keys.subject_keys where subject = '{_id}'");
        await using var store = bank.CreateStore();
        await using var session = store.OpenSession();
        session.Events.Append(_id, new AccountClosed(_id));
        await Should.ThrowAsync<EventSerializationException>(() => session.SaveChangesAsync(Cancellation));

        await bank.ExecuteAsync($"insert into {{schema}}_keys.subject_keys select * from {{schema}}.kept_{_id:N}");
        await session.SaveChangesAsync(Cancellation);
        (await session.LoadAsync<Person>(_id, Cancellation))!.Name.ShouldBe("Ada Lovelace (closed)");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\u0001b")]
    public async Task Data_of_an_invalid_subject_is_refused_before_anything_is_sent(string id)
    {
        var failure = await Should.ThrowAsync<EventSerializationException>(
            () => bank.AppendAsync(_id, new GuestsInvited([new Guest(id, "x")])));
        failure.Path.ShouldBe("$.guests[0].name");
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_upcaster_gets_json_that_is_decrypted_already()
    {
        await bank.AppendAsync(_id, Ada);
        await bank.TamperAsync($$"""
            update {schema}.events
            set type = 'person-joined', data = jsonb_build_object(
              '$', data->'$', 'id', data->'personId', 'name', data->'name', 'tags', '["a\"b", 1.50, {"x": [true, null]}]'::jsonb)
            where data->>'personId' = '{{_id}}'
            """);
        await using var store = bank.CreateStore();

        (await FetchAsync<PersonRegistered>(store)).ShouldBe(new PersonRegistered(_id, "Ada Lovelace", "", null, default, null, "a\"b"));
        _ = await store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        (await FetchAsync<PersonRegistered>(store)).Name.ShouldBe("gone");
    }

    private async Task<T> FetchAsync<T>(EventStore store)
    {
        await using var session = store.OpenQuerySession();
        return (T)(await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation))[0].Data;
    }
}
