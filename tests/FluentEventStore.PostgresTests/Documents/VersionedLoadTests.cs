using System.Text.Json;
using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Documents;

/// <summary>Documents with their stored versions, and as JSON that is not decoded.</summary>
public sealed class VersionedLoadTests(SnapshotStore bank) : IClassFixture<SnapshotStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Customer Ada =>
        new() { Id = _id, Name = "Ada \"\u00e9\" \u2028", City = "Paris", Age = 36, Score = 1e25, Tags = ["vip", "early"] };

    [Fact]
    public async Task A_document_counts_how_often_it_was_written_and_keeps_its_life_until_it_is_deleted()
    {
        (await LoadAsync()).ShouldBeNull();
        await SaveAsync(session => session.Store(Ada));
        var first = (await LoadAsync())!.Version;
        (first.Version, first.Rewrites).ShouldBe((1, 0));

        await SaveAsync(session => session.Update(Ada with { City = "Rome" }));
        await SaveAsync(session => session.Store(Ada with { City = "Oslo" }));
        var third = await LoadAsync();
        third!.Value.City.ShouldBe("Oslo");
        third.Version.ShouldBe(first with { Version = 3 });

        await SaveAsync(session => session.Delete<Customer>(_id));
        (await LoadAsync()).ShouldBeNull();
        await SaveAsync(session => session.Insert(Ada));
        var again = (await LoadAsync())!.Version;
        again.Version.ShouldBe(1);
        again.Life.ShouldBeGreaterThan(first.Life);
    }

    [Fact]
    public async Task The_life_of_a_document_is_the_microsecond_in_which_it_began()
    {
        var began = new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero).AddMicroseconds(7);
        await using var store = bank.CreateStore(
            options => options.TimeProvider = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(began));
        await using var session = store.OpenSession();
        session.Store(Ada);
        await session.SaveChangesAsync(Token);

        (await session.LoadVersionedAsync<Customer>(_id, Token))!.Version.Life
            .ShouldBe((began - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
    }

    [Fact]
    public async Task A_session_says_what_its_store_keeps_as_inline_snapshots()
    {
        await using var session = bank.Store.OpenQuerySession();

        (session.KeepsSnapshots<Account>(), session.KeepsSnapshots<Customer>()).ShouldBe((true, false));
        await using var store = bank.CreateStoreWithoutSnapshots();
        await using var other = store.OpenSession();
        other.KeepsSnapshots<Account>().ShouldBeFalse();
    }

    [Fact]
    public async Task What_the_session_has_not_saved_is_not_loaded()
    {
        await SaveAsync(session => session.Store(Ada));
        await using var session = bank.Store.OpenSession();
        session.Store(Ada with { City = "Rome" });

        (await session.LoadVersionedAsync<Customer>(_id, Token))!.Value.City.ShouldBe("Paris");
        ParsedOf(await session.LoadJsonAsync<Customer>(_id, Token)).GetProperty("city").GetString().ShouldBe("Paris");
    }

    [Fact]
    public async Task The_json_of_a_document_is_the_value_that_is_written_for_it()
    {
        await SaveAsync(session => session.Store(Ada));
        await using var session = bank.Store.OpenQuerySession();
        var json = await session.LoadJsonAsync<Customer>(_id, Token);

        ShouldBeWritten(json, Ada);
        json!.Version.ShouldBe((await session.LoadVersionedAsync<Customer>(_id, Token))!.Version);
        (await session.LoadJsonAsync<Customer>(Guid.NewGuid(), Token)).ShouldBeNull();
        (await session.LoadJsonAsync<Branch>("none", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task The_json_of_many_documents_comes_in_the_order_of_the_ids_each_once()
    {
        Guid[] ids = [.. Enumerable.Range(0, 5).Select(static _ => Guid.NewGuid())];
        await SaveAsync(session => session.Store(ids[..4].Select(id => Ada with { Id = id })));
        await SaveAsync(session => session.Update(Ada with { Id = ids[3], City = "Rome" }));
        await using var session = bank.Store.OpenQuerySession();

        var loaded = await session.LoadManyJsonAsync<Customer>([ids[3], ids[4], ids[0], ids[3], ids[1]], Token);

        loaded.Select(static one => (ParsedOf(one).GetProperty("id").GetGuid(), one.Version.Version))
            .ShouldBe([(ids[3], 2), (ids[0], 1), (ids[1], 1)]);
        ShouldBeWritten(loaded[0], Ada with { Id = ids[3], City = "Rome" });
        (await session.LoadManyJsonAsync<Customer>(Array.Empty<Guid>(), Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Json_is_loaded_by_texts_numbers_and_typed_ids()
    {
        var number = Random.Shared.Next(1, int.MaxValue);
        await SaveAsync(session =>
        {
            session.Store(new Branch($"b-{_id}", "High Street"));
            session.Store(new Counter { Id = number, Value = 1 });
            session.Store(new BigCounter { Id = number + 5_000_000_000, Value = 2 });
            session.Store(new Voucher(new VoucherId(_id), 1.50m));
        });
        await using var session = bank.Store.OpenQuerySession();

        ShouldBeWritten((await session.LoadManyJsonAsync<Branch>([$"b-{_id}"], Token))[0], new Branch($"b-{_id}", "High Street"));
        ShouldBeWritten((await session.LoadManyJsonAsync<Counter>([number], Token))[0], new Counter { Id = number, Value = 1 });
        ShouldBeWritten(
            (await session.LoadManyJsonAsync<BigCounter>([number + 5_000_000_000], Token))[0],
            new BigCounter { Id = number + 5_000_000_000, Value = 2 });
        ShouldBeWritten(
            (await session.LoadManyJsonAsync<Voucher>(new List<VoucherId> { new(_id) }, Token))[0],
            new Voucher(new VoucherId(_id), 1.50m));
        await Should.ThrowAsync<ArgumentException>(() => session.LoadJsonAsync<Voucher>("text", Token));
        await Should.ThrowAsync<ArgumentException>(() => session.LoadVersionedAsync<Voucher>(number, Token));
    }

    [Fact]
    public async Task Stored_json_is_not_decoded()
    {
        await SaveAsync(session => session.Store(Ada));
        await bank.ExecuteAsync($"update {{schema}}.doc_customer set data = '{{\"former\": [1.0]}}' where id = '{_id}'");
        await using var session = bank.Store.OpenQuerySession();

        ParsedOf(await session.LoadJsonAsync<Customer>(_id, Token)).ToString().ShouldBe("{\"former\": [1.0]}");
        await Should.ThrowAsync<DocumentSerializationException>(() => session.LoadVersionedAsync<Customer>(_id, Token));
    }

    [Fact]
    public async Task An_inline_snapshot_has_the_version_of_its_stream_and_its_json_is_complete_whether_its_row_is_or_not()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new MoneyDeposited(_id, 10m));
        await using var session = bank.Store.OpenQuerySession();
        var ofRow = await session.LoadJsonAsync<Account>(_id, Token);
        var loaded = await session.LoadVersionedAsync<Account>(_id, Token);
        var stored = (await session.Events.FetchStreamStateAsync(_id, Token))!.StoredVersion;
        (stored.Version, ofRow!.Version, loaded!.Version).ShouldBe((2, stored, stored));
        ShouldBeWritten(ofRow, loaded.Value);

        await using (var bare = bank.CreateStoreWithoutSnapshots())
        await using (var other = bare.OpenSession())
        {
            other.Events.Append(_id, new MoneyDeposited(_id, 5m));
            await other.SaveChangesAsync(Token);
        }

        var lacking = await session.LoadJsonAsync<Account>(_id, Token);
        lacking!.Version.ShouldBe(stored with { Version = 3 });
        ShouldBeWritten(lacking, (await session.LoadAsync<Account>(_id, Token))!);
        ParsedOf(lacking).GetProperty("balance").GetDecimal().ShouldBe(15m);

        await bank.ExecuteAsync($"delete from {{schema}}.doc_account where id = '{_id}'");
        var folded = await session.LoadManyJsonAsync<Account>([_id, Guid.NewGuid()], Token);
        folded.ShouldHaveSingleItem().Version.ShouldBe(lacking.Version);
        folded[0].Value.ToArray().ShouldBe(lacking.Value.ToArray());
    }

    [Fact]
    public async Task The_row_of_an_inline_snapshot_is_not_decoded()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await bank.ExecuteAsync($"update {{schema}}.doc_account set data = data || '{{\"former\": 1}}' where id = '{_id}'");
        await using var session = bank.Store.OpenQuerySession();

        ParsedOf(await session.LoadJsonAsync<Account>(_id, Token)).GetProperty("former").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_hidden_stream_has_neither_snapshot_nor_json()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await SaveAsync(session => session.Events.ArchiveStream(_id));
        await using var session = bank.Store.OpenQuerySession();

        (await session.LoadVersionedAsync<Account>(_id, Token)).ShouldBeNull();
        (await session.LoadJsonAsync<Account>(_id, Token)).ShouldBeNull();
        (await session.LoadManyJsonAsync<Account>([_id], Token)).ShouldBeEmpty();
        (await session.Events.FetchLatestVersionedAsync<Account>(_id, Token)).ShouldBeNull();
        (await session.Events.FoldAsync(TillRules.Decider, _id, Token))
            .ShouldBe(new Versioned<TillRules.State>(TillRules.Initial, default));
    }

    [Fact]
    public async Task Versioned_reads_take_one_round_trip()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"));
        await SaveAsync(session => session.Store(Ada));
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString).Events.Notifications = false);
        await using var session = store.OpenQuerySession();
        await session.LoadVersionedAsync<Customer>(_id, Token);
        foreach (var read in (Func<Task>[])
            [
                () => session.LoadVersionedAsync<Customer>(_id, Token),
                () => session.LoadJsonAsync<Customer>(_id, Token),
                () => session.LoadVersionedAsync<Account>(_id, Token),
                () => session.LoadJsonAsync<Account>(_id, Token),
                () => session.Events.AggregateStreamVersionedAsync<Account>(_id, Token),
                () => session.Events.FoldAsync(TillRules.Decider, _id, Token),
            ])
        {
            var before = proxy.RoundTrips;
            await read();
            (proxy.RoundTrips - before).ShouldBe(1);
        }
    }

    private static JsonElement ParsedOf(Versioned<ReadOnlyMemory<byte>>? json) => JsonElement.Parse(json!.Value.Span);

    private static void ShouldBeWritten<T>(Versioned<ReadOnlyMemory<byte>>? json, T document)
        where T : class
    {
        var type = AggregateCatalog.Find(typeof(T))?.Document;
        if (type is null)
            DocumentCatalog.TryGet(typeof(T), out type).ShouldBeTrue();

        var written = DocumentWriter.Encode(type!, type!.Identify(document, TimeProvider.System), document);
        JsonElement.DeepEquals(ParsedOf(json), JsonElement.Parse(written.Span)).ShouldBeTrue($"{ParsedOf(json)}");
    }

    private async Task<Versioned<Customer>?> LoadAsync()
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.LoadVersionedAsync<Customer>(_id, Token);
    }

    private async Task SaveAsync(Action<IDocumentSession> collect)
    {
        await using var session = bank.Store.OpenSession();
        collect(session);
        await session.SaveChangesAsync(Token);
    }
}
