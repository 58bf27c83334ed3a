using System.Text;
using System.Text.Json;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>What is personal is encrypted when it is imported, whether it comes as an object or in its stored form.</summary>
public sealed class PersonalDataImportTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PersonRegistered Ada =>
        new(_id, "Ada Lovelace", "ada@example.org", "555-0100", new DateOnly(1815, 12, 10), new Address("St James's", "London"), "paid");

    private string Stored =>
        $$"""
        {"personId":"{{_id}}","name":"Ada Lovelace","email":"ada@example.org","phone":"555-0100","born":"1815-12-10",
        "address":{"street":"St James's","city":"London"},"plan":"paid"}
        """;

    [Fact]
    public async Task An_object_is_stored_as_if_it_had_been_appended()
    {
        var report = await ImportAsync(
            Of(1, Ada), Of(2, new NoteTaken("plain")), Of(3, new MoneySent(new PersonId(_id), "Ada", 42, "Charles", 1m)));

        (report.Imported, report.ForgottenSubjects).ShouldBe((3, 0));
        (await FetchAsync()).Select(static e => e.Data).ShouldBe(
            [Ada, new NoteTaken("plain"), new MoneySent(new PersonId(_id), "Ada", 42, "Charles", 1m)]);
        await HoldsNothingPlainAsync();
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Token);
        ((PersonRegistered)(await FetchAsync())[0].Data).Name.ShouldBe("");
    }

    [Fact]
    public async Task The_stored_form_is_encrypted_where_its_type_is_registered_and_keeps_all_else()
    {
        var json = Stored[..^1] + ""","unknown":{"kept":[1,null]},"phone":"555-0100"}""";
        await ImportAsync(
            new ImportedEvent(Stream, 1, "person-registered", 1, Encoding.UTF8.GetBytes(json)) { Timestamp = DateTimeOffset.UnixEpoch });

        (await FetchAsync())[0].Data.ShouldBe(Ada);
        await HoldsNothingPlainAsync();
        (await bank.ExecuteAsync(
            $"select (data->'unknown')::text || (data->>'plan') from {{schema}}.events where data->>'personId' = '{_id}'"))
            .ShouldBe("""{"kept": [1, null]}paid""");
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Token);
        (await FetchAsync())[0].Data.ShouldBe(new PersonRegistered(_id, "", "(forgotten)", null, default, null, "paid"));
    }

    [Fact]
    public async Task Nested_personal_data_and_personal_data_in_lists_is_encrypted_for_its_own_subject()
    {
        var bag =
            $$$"""{"owner":"{{{_id}}}","name":"Ada Lovelace","keeper":{"id":{{{Keeper}}},"phone":"555-0100"},"content":{"$enc":"AAAA"}}""";
        var guests =
            $$"""{"guests":[{"id":"{{_id}}-a","name":"Ada Lovelace","diet":"none"},{"id":"{{_id}}-b","name":"Bob","diet":"555-0100"}]}""";
        await ImportAsync(
            new ImportedEvent(Stream, 1, "bag-packed", 2, Encoding.UTF8.GetBytes(bag)) { Timestamp = DateTimeOffset.UnixEpoch },
            new ImportedEvent(Stream, 2, "guests-invited", 1, Encoding.UTF8.GetBytes(guests)) { Timestamp = DateTimeOffset.UnixEpoch });

        await HoldsNothingPlainAsync();
        _ = await bank.Store.Privacy.ForgetAsync(Keeper, cancellationToken: Token);
        _ = await bank.Store.Privacy.ForgetAsync($"{_id}-b", cancellationToken: Token);
        var events = await FetchAsync();
        var packed = (BagPacked)events[0].Data;
        (packed.Name, packed.Keeper!.Phone, packed.Content.GetProperty("$enc").GetString()).ShouldBe(("Ada Lovelace", "", "AAAA"));
        ((GuestsInvited)events[1].Data).Guests
            .Select(static guest => (guest.Name, guest.Diet))
            .ShouldBe([("Ada Lovelace", "none"), ("?", "")]);
    }

    [Fact]
    public async Task Data_of_a_forgotten_subject_is_not_stored_but_its_events_are()
    {
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Token);
        var report = await ImportAsync(
            Of(1, Ada),
            new ImportedEvent(Stream, 2, "person-registered", 1, Encoding.UTF8.GetBytes(Stored)) { Timestamp = DateTimeOffset.UnixEpoch });

        (report.Imported, report.ForgottenSubjects, report.SubjectsWithoutKey).ShouldBe((2, 1, 0));
        (await FetchAsync()).ShouldAllBe(e => e.Data.Equals(new PersonRegistered(_id, "", "(forgotten)", null, default, null, "paid")));
        await HoldsNothingPlainAsync();
        (await bank.ExecuteAsync($"select max(length(data->'name'->>'$enc')) from {{schema}}.events where data->>'personId' = '{_id}'"))
            .ShouldBe(52);
    }

    [Theory]
    [InlineData("person-joined", 1, """{"id":"x","name":"Ada Lovelace","tags":["a"]}""", ImportFault.PersonalData, "in its current shape")]
    [InlineData("person-registered", 1, """{"name":"Ada Lovelace"}""", ImportFault.PersonalData, "personId")]
    [InlineData("person-registered", 1, """["Ada Lovelace"]""", ImportFault.PersonalData, "$")]
    [InlineData(
        "guests-invited", 1, """{"guests":[{"id":"","name":"Ada Lovelace","diet":""}]}""", ImportFault.PersonalData, "not a subject id")]
    [InlineData("note-taken", 1, """{"text":"a","$":"AAAAAAAAAAAA"}""", ImportFault.Json, "'$'")]
    [InlineData("nobody-knows", 1, """{"$":"AAAAAAAAAAAA"}""", ImportFault.Json, "'$'")]
    [InlineData("person-registered", 1, """{"$":"AAAAAAAAAAAA","name":"x"}""", ImportFault.Json, "'$'")]
    public async Task What_cannot_be_encrypted_is_refused(string type, int version, string json, ImportFault fault, string reason)
    {
        var stored = new ImportedEvent(Stream, 2, type, version, Encoding.UTF8.GetBytes(json)) { Timestamp = DateTimeOffset.UnixEpoch };
        var refusal = await Should.ThrowAsync<ImportException>(() => ImportAsync(Of(1, new NoteTaken("first")), stored));
        (refusal.Fault, refusal.Index, refusal.Version).ShouldBe((fault, 2, 2));
        refusal.Reason.ShouldContain(reason);
        refusal.Message.ShouldNotContain("Ada Lovelace");
        (await FetchAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_looks_encrypted_in_the_stored_form_is_not_opened()
    {
        await bank.AppendAsync($"other-{_id}", Ada);
        var copied = (string)(await bank.ExecuteAsync(
            $"select (data->'name')::text from {{schema}}.events where data->>'personId' = '{_id}'"))!;
        var json = $$$"""{"owner":"{{{_id}}}","name":"x","keeper":null,"content":{"name":{{{copied}}}}}""";
        await ImportAsync(
            new ImportedEvent(Stream, 1, "bag-packed", 2, Encoding.UTF8.GetBytes(json)) { Timestamp = DateTimeOffset.UnixEpoch });
        ((BagPacked)(await FetchAsync())[0].Data).Content.GetProperty("name").ValueKind.ShouldBe(JsonValueKind.Object);
    }

    [Fact]
    public async Task An_object_that_the_importer_uses_again_is_stored_as_it_was_given()
    {
        var given = new Reused { PersonId = _id, Name = "first" };
        await bank.Store.Transfer.ImportAsync(Again(), cancellationToken: Token);
        (await FetchAsync()).Select(static e => ((Reused)e.Data).Name).ShouldBe(["first", "second", "third"]);

        async IAsyncEnumerable<ImportedEvent> Again()
        {
            foreach (var (name, version) in (IEnumerable<(string, int)>)[("first", 1), ("second", 2), ("third", 3)])
            {
                given.Name = name;
                yield return Of(version, given);
            }

            given.Name = "later";
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Events_of_several_tenants_are_encrypted_with_the_keys_of_each()
    {
        await ImportAsync(Of(1, Ada), new ImportedEvent(Stream, 1, Ada) { Timestamp = DateTimeOffset.UnixEpoch, TenantId = $"t {_id}" });
        _ = await bank.Store.Privacy.ForgetAsync(_id, $"t {_id}", Token);
        (await FetchAsync())[0].Data.ShouldBe(Ada);
        await using var session = bank.Store.OpenQuerySession($"t {_id}");
        ((PersonRegistered)(await session.Events.FetchStreamAsync(Stream, cancellationToken: Token))[0].Data).Name.ShouldBe("");
    }

    [Fact]
    public async Task The_keys_of_a_chunk_are_made_together()
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString));
        await store.Transfer.ImportAsync(new[] { Of(1, Ada) }.ToAsyncEnumerable(), cancellationToken: Token);
        var before = proxy.RoundTrips;
        var events = Enumerable.Range(2, 300).Select(version => Of(version, new GuestsInvited([new Guest($"{_id}-{version}", "x")])));
        await store.Transfer.ImportAsync(events.ToAsyncEnumerable(), cancellationToken: Token);

        // One for each key would be 300; how many there are beside depends on what the machine sends together.
        (proxy.RoundTrips - before).ShouldBeLessThan(100);
        (await FetchAsync()).Count.ShouldBe(301);
    }

    private StreamId Stream => $"imported-{_id}";

    private long Keeper => BitConverter.ToInt64(_id.ToByteArray()) & long.MaxValue;

    private ImportedEvent Of(long version, object data) => new(Stream, version, data) { Timestamp = DateTimeOffset.UnixEpoch };

    private Task<ImportReport> ImportAsync(params ImportedEvent[] events) =>
        bank.Store.Transfer.ImportAsync(events.ToAsyncEnumerable(), cancellationToken: Token);

    private async Task<IReadOnlyList<IEvent>> FetchAsync()
    {
        // With no key at hand.
        await using var store = bank.CreateStore();
        await using var session = store.OpenQuerySession();
        return await session.Events.FetchStreamAsync(Stream, cancellationToken: Token);
    }

    // Shorter texts stand in ids and in what is encrypted, by chance.
    private async Task HoldsNothingPlainAsync() => (await bank.ExecuteAsync($"""
        select count(*) from {"{schema}"}.events e join {"{schema}"}.streams s on s.key = e.stream
        where s.id = '{Stream}'
          and data::text like any (array['%Lovelace%', '%@example%', '%555-0100%', '%1815-12-10%', '%"London"%', '%"Bob"%'])
        """)).ShouldBe(0L);
}
