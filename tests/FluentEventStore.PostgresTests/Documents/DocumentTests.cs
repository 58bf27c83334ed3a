using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Documents;

public sealed class DocumentTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private Customer Ada => new() { Id = _id, Name = "Ada", City = "Paris", Age = 36, Tags = ["vip", "early"] };

    [Fact]
    public async Task A_stored_document_is_loaded_by_another_session_once_it_is_saved()
    {
        await using var writer = bank.Store.OpenSession();
        writer.Store(Ada);
        (await LoadAsync<Customer>(_id)).ShouldBeNull();
        await writer.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await LoadAsync<Customer>(_id)).ShouldBeEquivalentTo(Ada);
    }

    [Fact]
    public async Task Documents_are_identified_by_guids_texts_and_numbers()
    {
        var number = Random.Shared.Next(1, int.MaxValue);
        await SaveAsync(session =>
        {
            session.Store(new Branch($"b-{_id}", "High Street"));
            session.Store(new Counter { Id = number, Value = 1 });
            session.Store(new BigCounter { Id = number + 5_000_000_000, Value = 2 });
        });

        (await LoadAsync<Branch>($"b-{_id}")).ShouldBe(new Branch($"b-{_id}", "High Street"));
        (await LoadAsync<Counter>(number))!.Value.ShouldBe(1);
        (await LoadAsync<BigCounter>(number + 5_000_000_000))!.Value.ShouldBe(2);
    }

    [Fact]
    public async Task The_longest_id_in_the_longest_tenant_is_stored_and_a_longer_one_is_refused_at_the_call()
    {
        // Of characters that take most bytes, and that do not compress.
        var id = string.Concat(Enumerable.Range(0, 500).Select(static _ => (char)Random.Shared.Next(0x4E00, 0x9FA5)));
        await using var session = bank.Store.OpenSession(id[..250]);
        session.Store(new Branch(id, "High Street"));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        (await session.LoadAsync<Branch>(id, TestContext.Current.CancellationToken)).ShouldBe(new Branch(id, "High Street"));

        var longer = new string('x', 6_000);
        Should.Throw<ArgumentException>(() => session.Store(new Branch(longer, "High Street"))).Message.ShouldContain("500");
        Should.Throw<ArgumentException>(() => session.Insert(new Branch(id + "x", "High Street")));
        Should.Throw<ArgumentException>(() => session.Delete<Branch>(longer));
        await Should.ThrowAsync<ArgumentException>(() => session.LoadAsync<Branch>(longer, TestContext.Current.CancellationToken));
        await Should.ThrowAsync<ArgumentException>(
            () => session.LoadManyAsync<Branch>([id, longer], TestContext.Current.CancellationToken));
        (await session.SaveChangesAsync(TestContext.Current.CancellationToken)).ShouldBe(Commit.WithoutEvents);
    }

    [Fact]
    public async Task Documents_are_identified_by_typed_ids()
    {
        var voucher = new VoucherId(_id);
        var unnamed = new Voucher(default, 2);
        var number = Random.Shared.Next(1, int.MaxValue);
        await SaveAsync(session =>
        {
            session.Store(new Voucher(voucher, 1.5m));
            session.Store(unnamed);
            session.Store(new Locker { Id = new LockerId(number), Content = "hat" });
        });

        unnamed.Id.Value.ShouldNotBe(Guid.Empty);
        (await LoadAsync<Voucher>(voucher))!.Amount.ShouldBe(1.5m);
        (await LoadAsync<Voucher>(unnamed.Id)).ShouldBe(unnamed);
        (await LoadAsync<Locker>(new LockerId(number)))!.Content.ShouldBe("hat");
        (await LoadAsync<Locker>(number))!.Id.ShouldBe(new LockerId(number));
        Should.Throw<ArgumentException>(() => SaveAsync(static session => session.Store(new Locker()))).Message
            .ShouldContain("The Locker has no id");
    }

    [Fact]
    public async Task An_int_literal_loads_a_document_whose_ids_are_longs()
    {
        await SaveAsync(session => session.Store(new BigCounter { Id = 7, Value = 9 }));
        (await LoadAsync<BigCounter>(7))!.Value.ShouldBe(9);
    }

    [Fact]
    public async Task A_document_without_a_guid_gets_one_at_the_call()
    {
        var customer = new Customer { Name = "Grace" };
        await SaveAsync(session =>
        {
            session.Store(customer);
            customer.Id.ShouldNotBe(Guid.Empty);
        });

        customer.Id.Version.ShouldBe(7);
        (await LoadAsync<Customer>(customer.Id))!.Name.ShouldBe("Grace");
    }

    [Fact]
    public async Task A_document_without_a_text_or_number_for_an_id_is_refused_at_the_call()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Store(new Branch("", "x"))).Message.ShouldContain("Branch");
        Should.Throw<ArgumentException>(() => session.Insert(new Counter()));
        Should.Throw<ArgumentException>(() => session.Update(new BigCounter()));
    }

    [Fact]
    public async Task Storing_again_replaces_the_document_and_keeps_its_creation()
    {
        await SaveAsync(session => session.Store(Ada));
        await SaveAsync(session => session.Store(Ada with { City = "Rome" }));

        (await LoadAsync<Customer>(_id))!.City.ShouldBe("Rome");
        (await bank.ExecuteAsync($"select version from {{schema}}.doc_customer where id = '{_id}'")).ShouldBe(2L);
        (await bank.ExecuteAsync($"select created_at < modified_at from {{schema}}.doc_customer where id = '{_id}'")).ShouldBe(true);
    }

    [Fact]
    public async Task Inserting_an_existing_document_is_refused_and_nothing_of_the_unit_is_written()
    {
        await SaveAsync(session => session.Insert(Ada));

        await using var session = bank.Store.OpenSession();
        session.Store(new Customer { Id = Guid.NewGuid(), Name = "other" });
        session.Insert(Ada with { City = "Rome" });
        session.Events.Append(_id, new NoteTaken("a"));
        var refusal = await Should.ThrowAsync<DocumentAlreadyExistsException>(() => session.SaveChangesAsync());

        refusal.DocumentType.ShouldBe(typeof(Customer));
        refusal.Id.ShouldBe(_id);
        (await LoadAsync<Customer>(_id))!.City.ShouldBe("Paris");
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Updating_a_missing_document_is_refused_and_nothing_of_the_unit_is_written()
    {
        var number = Random.Shared.Next(1, int.MaxValue);
        await using var session = bank.Store.OpenSession();
        session.Store(Ada);
        session.Update(new Counter { Id = number, Value = 1 });
        var refusal = await Should.ThrowAsync<DocumentNotFoundException>(() => session.SaveChangesAsync());

        refusal.DocumentType.ShouldBe(typeof(Counter));
        refusal.Id.ShouldBe(number);
        (await LoadAsync<Customer>(_id)).ShouldBeNull();
    }

    [Fact]
    public async Task Updating_an_existing_document_replaces_it()
    {
        await SaveAsync(session => session.Insert(Ada));
        await SaveAsync(session => session.Update(Ada with { Age = 37 }));
        (await LoadAsync<Customer>(_id))!.Age.ShouldBe(37);
    }

    [Fact]
    public async Task A_deleted_document_is_gone_and_deleting_a_missing_one_does_nothing()
    {
        await SaveAsync(session => session.Store(Ada));
        await SaveAsync(session => session.Delete<Customer>(_id));
        await SaveAsync(session => session.Delete<Customer>(_id));

        (await LoadAsync<Customer>(_id)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_several_changes_of_one_document_the_last_counts()
    {
        await SaveAsync(session =>
        {
            session.Insert(Ada);
            session.Update(Ada with { City = "Rome" });
            session.Store(Ada with { City = "Oslo" });
        });
        (await LoadAsync<Customer>(_id))!.City.ShouldBe("Oslo");

        await SaveAsync(session =>
        {
            session.Delete<Customer>(_id);
            session.Insert(Ada with { City = "Bern" });
        });
        (await LoadAsync<Customer>(_id))!.City.ShouldBe("Bern");

        await SaveAsync(session =>
        {
            session.Store(Ada);
            session.Delete<Customer>(_id);
        });
        (await LoadAsync<Customer>(_id)).ShouldBeNull();
    }

    [Fact]
    public async Task Changes_that_the_session_itself_rules_out_throw_at_the_call()
    {
        await using var session = bank.Store.OpenSession();
        session.Insert(Ada);
        Should.Throw<DocumentAlreadyExistsException>(() => session.Insert(Ada)).Id.ShouldBe(_id);
        session.Delete<Customer>(_id);
        Should.Throw<DocumentNotFoundException>(() => session.Update(Ada)).Id.ShouldBe(_id);
    }

    [Fact]
    public async Task Many_documents_are_loaded_in_the_order_of_the_ids_each_once()
    {
        Guid[] ids = [.. Enumerable.Range(0, 5).Select(_ => Guid.NewGuid())];
        await SaveAsync(session => session.Store<Customer>(ids.Take(4).Select(id => new Customer { Id = id, Name = $"{id}" }).ToList()));

        await using var session = bank.Store.OpenQuerySession();
        var loaded = await session.LoadManyAsync<Customer>([ids[3], ids[4], ids[0], ids[3], ids[1]], TestContext.Current.CancellationToken);

        loaded.Select(customer => customer.Id).ShouldBe([ids[3], ids[0], ids[1]]);
        (await session.LoadManyAsync<Customer>(Array.Empty<Guid>(), TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_list_with_one_refused_document_is_refused_as_a_whole()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentNullException>(() => session.Store<Customer>([Ada, null!]));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        (await session.LoadAsync<Customer>(_id, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task A_list_that_contradicts_the_session_changes_nothing_in_it()
    {
        var (eve, sam) = (new Customer { Id = Guid.NewGuid(), Name = "Eve" }, new Customer { Id = Guid.NewGuid(), Name = "Sam" });
        await using var session = bank.Store.OpenSession();
        session.Insert(Ada);
        session.Delete<Customer>(sam.Id);
        Should.Throw<DocumentAlreadyExistsException>(() => session.Insert(new[] { eve, Ada })).Id.ShouldBe(_id);
        Should.Throw<DocumentNotFoundException>(() => session.Update(new[] { eve, sam })).Id.ShouldBe(sam.Id);
        Should.Throw<DocumentAlreadyExistsException>(() => session.Insert(new[] { eve, eve })).Id.ShouldBe(eve.Id);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await session.LoadManyAsync<Customer>([_id, eve.Id, sam.Id], TestContext.Current.CancellationToken))
            .Select(static customer => customer.Id)
            .ShouldBe([_id]);
    }

    [Fact]
    public async Task Lists_of_typed_ids_load_what_they_name()
    {
        VoucherId[] ids = [new(Guid.NewGuid()), new(Guid.NewGuid()), new(Guid.NewGuid())];
        await using var session = bank.Store.OpenSession();
        session.Store(new[] { new Voucher(ids[0], 1), new Voucher(ids[2], 3) });
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await session.LoadManyAsync<Voucher>(ids.Reverse(), TestContext.Current.CancellationToken))
            .Select(static voucher => voucher.Amount)
            .ShouldBe([3, 1]);
        (await session.LoadManyAsync<Voucher>(new List<VoucherId>(), TestContext.Current.CancellationToken)).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentNullException>(
            () => session.LoadManyAsync<Voucher>((VoucherId[])null!, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Lists_arrays_and_queries_are_stored_inserted_and_updated_as_what_they_hold()
    {
        var (eve, sam) = (Guid.NewGuid(), Guid.NewGuid());
        await using var session = bank.Store.OpenSession();
        session.Store(new List<Customer> { Ada });
        session.Insert(new[] { new Customer { Id = eve, Name = "Eve" }, new Customer { Id = sam, Name = "Sam" } });
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        session.Update(new[] { eve, sam }.Select(static id => new Customer { Id = id, Name = "updated" }));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        var loaded = await session.LoadManyAsync<Customer>([_id, eve, sam], TestContext.Current.CancellationToken);
        loaded.Select(static customer => customer.Name).ShouldBe([Ada.Name, "updated", "updated"]);

        session.Insert((List<Customer>)[new Customer { Id = Guid.NewGuid(), Name = "new" }, Ada]);
        (await Should.ThrowAsync<DocumentAlreadyExistsException>(() => session.SaveChangesAsync(TestContext.Current.CancellationToken))).Id
            .ShouldBe(_id);
        session.EjectAllPendingChanges();
        session.Update((List<Customer>)[Ada, new Customer { Id = Guid.NewGuid(), Name = "nobody" }]);
        await Should.ThrowAsync<DocumentNotFoundException>(() => session.SaveChangesAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_type_that_is_not_a_document_and_an_id_of_another_type_are_refused()
    {
        await using var session = bank.Store.OpenSession();
#pragma warning disable FES0051 // What the compiler is told, the store says too.
        await Should.ThrowAsync<ArgumentException>(() => session.LoadAsync<NoteTaken>(_id));
        await Should.ThrowAsync<ArgumentException>(() => session.LoadAsync<Customer>("text"));
        await Should.ThrowAsync<ArgumentException>(() => session.LoadAsync<Counter>(5L));
        await Should.ThrowAsync<ArgumentException>(() => session.LoadAsync<Customer>(default));
        Should.Throw<ArgumentException>(() => session.Delete<Customer>(5));
        Should.Throw<ArgumentException>(() => session.Store("text"));
#pragma warning restore FES0051
        Should.Throw<ArgumentNullException>(() => session.Store((Customer)null!));
    }

    [Fact]
    public async Task A_document_that_has_no_storable_json_is_refused_before_anything_is_sent()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("a"));
        session.Store(Ada with { Tags = ["fine", "not\0fine"] });
        var refusal = await Should.ThrowAsync<DocumentSerializationException>(() => session.SaveChangesAsync());

        refusal.DocumentType.ShouldBe(typeof(Customer));
        refusal.Id.ShouldBe(_id);
        refusal.Path.ShouldBe("$.tags[1]");
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stored_document_whose_json_no_longer_fits_is_reported_with_its_path()
    {
        await SaveAsync(session => session.Store(Ada));
        await bank.ExecuteAsync($$"""update {schema}.doc_customer set data = '{"name": "Ada", "tags": ["a", 5]}' where id = '{{_id}}'""");

        var failure = await Should.ThrowAsync<DocumentSerializationException>(() => LoadAsync<Customer>(_id));
        failure.Id.ShouldBe(_id);
        failure.Path.ShouldBe("$.tags[1]");
        failure.Excerpt.ShouldBe("""{"name": "Ada", "tags": ["a", 5]}""");
        failure.Message.ShouldNotContain("\"a\"");
    }

    [Fact]
    public async Task Twelve_hundred_changes_with_a_failing_one_write_nothing()
    {
        await using var session = bank.Store.OpenSession();
        for (var index = 0; index < 1_200; index++)
            session.Store(new Customer { Id = Guid.NewGuid(), Name = _id.ToString() });
        session.Update(Ada);
        await Should.ThrowAsync<DocumentNotFoundException>(() => session.SaveChangesAsync());

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.doc_customer where data ->> 'name' = '{_id}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task Tenants_have_documents_of_their_own_under_one_id()
    {
        await using var red = bank.Store.OpenSession("red");
        red.Store(Ada);
        await red.SaveChangesAsync(TestContext.Current.CancellationToken);
        (await LoadAsync<Customer>(_id)).ShouldBeNull();

        await SaveAsync(session => session.Delete<Customer>(_id));
        (await red.LoadAsync<Customer>(_id, TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Units_that_change_the_same_documents_in_different_ways_do_not_deadlock()
    {
        Guid[] ids = [.. Enumerable.Range(0, 6).Select(_ => Guid.NewGuid())];
        await SaveAsync(session => session.Store<Customer>([.. ids.Select(id => new Customer { Id = id, Name = "0" })]));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(seed => SaveAsync(session =>
        {
            var random = new Random(seed);
            foreach (var id in ids.OrderBy(_ => random.Next()).Take(4))
            {
                var customer = new Customer { Id = id, Name = $"{seed}" };
                if (random.Next(2) == 0)
                    session.Store(customer);
                else
                    session.Update(customer);
            }
        })));

        (await bank.ExecuteAsync($"select sum(version) from {{schema}}.doc_customer where id in ('{string.Join("','", ids)}')")).ShouldBe(
            6m + 120m);
    }

    private async Task SaveAsync(Action<IDocumentSession> work)
    {
        await using var session = bank.Store.OpenSession();
        work(session);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private async Task<T?> LoadAsync<T>(DocumentId id)
        where T : class
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.LoadAsync<T>(id, TestContext.Current.CancellationToken);
    }
}
