using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public sealed class MaskingTests(BankStore bank, PostgresServer server) : IClassFixture<BankStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PersonRegistered Ada =>
        new(_id, "Ada Lovelace", "ada@example.org", "555-0100", new DateOnly(1815, 12, 10), new Address("St James's", "London"), "paid");

    [Fact]
    public void Rules_for_what_cannot_be_an_event_or_is_not_a_current_shape_are_refused_at_the_call()
    {
        Should.Throw<ArgumentException>(() => With(options => options.Mask<string>(static text => text)));
        Should.Throw<ArgumentException>(() => With(options => options.Mask<object>(static data => data)));
        Should.Throw<ArgumentException>(() => With(options => options.Mask<ParcelWeighedV2>(static e => e))).Message
            .ShouldContain(nameof(ParcelWeighed));
        Should.Throw<ArgumentNullException>(() => With(options => options.Mask<NoteTaken>(null!)));
    }

    [Fact]
    public async Task Wrong_calls_are_refused()
    {
        await using var store = With(static options => options.Mask<NoteTaken>(static e => e));
        await Should.ThrowAsync<ArgumentException>(() => store.Privacy.MaskAsync(default(StreamId), cancellationToken: Cancellation));
        await Should.ThrowAsync<ArgumentNullException>(() => store.Privacy.MaskAsync((EventFilter)null!, cancellationToken: Cancellation));
        await Should.ThrowAsync<InvalidOperationException>(() => bank.Store.Privacy.MaskAsync(_id, cancellationToken: Cancellation));
        (await Should.ThrowAsync<StreamNotFoundException>(() => store.Privacy.MaskAsync(_id, cancellationToken: Cancellation))).StreamId
            .ShouldBe(_id);
    }

    [Fact]
    public async Task A_rule_that_throws_or_gives_back_something_else_says_which_event_and_loses_nothing()
    {
        await bank.AppendAsync(_id, new AccountOpened(_id, "Ada", "EUR"), new NoteTaken("secret"));
        await using var throwing = With(static options => options.Mask<NoteTaken>(static e => throw new FormatException("no such luck")));
        await using var changing = With(
            static options => options.Mask<IEquatable<NoteTaken>>(static e => new NoteTaken("x"))
                .Mask<IEquatable<AccountOpened>>(static e => new OtherAccount()));
        await using var forgetful = With(static options => options.Mask<NoteTaken>(static e => null!));
        await using var unwritable = With(static options => options.Mask<NoteTaken>(static e => e with { Weight = double.NaN }));

        var failure = await Should.ThrowAsync<EventMaskException>(() => throwing.Privacy.MaskAsync(_id, cancellationToken: Cancellation));
        (failure.StreamId, failure.Version, failure.TypeName, failure.TypeVersion).ShouldBe((_id, 2, "note-taken", 1));
        failure.InnerException.ShouldBeOfType<FormatException>();
        failure.Position.ShouldBePositive();
        (await Should.ThrowAsync<EventMaskException>(() => changing.Privacy.MaskAsync(_id, cancellationToken: Cancellation))).Reason
            .ShouldContain(nameof(OtherAccount));
        (await Should.ThrowAsync<EventMaskException>(() => forgetful.Privacy.MaskAsync(_id, cancellationToken: Cancellation))).Reason
            .ShouldContain("null");
        (await Should.ThrowAsync<EventMaskException>(() => unwritable.Privacy.MaskAsync(_id, cancellationToken: Cancellation))).Reason
            .ShouldContain("$.weight");
        (await bank.FetchAsync(_id)).Select(static e => e.Data).ShouldBe([new AccountOpened(_id, "Ada", "EUR"), new NoteTaken("secret")]);
    }

    [Fact]
    public async Task Events_keep_all_but_what_is_masked_and_a_second_run_changes_nothing()
    {
        await bank.AppendAsync(
            _id, new AccountOpened(_id, "Ada", "EUR"), new NoteTaken("secret"), new NoteTaken("harmless"), new MoneyDeposited(_id, 5m));
        var before = await bank.FetchAsync(_id);
        await using var store = With(static options => options
            .Mask<NoteTaken>(static e => e.Text == "harmless" ? e : e with { Text = "***" })
            .Mask<AccountOpened>(static e => e with { Owner = "***" }));

        var told = new List<MaskReport>();
        (await store.Privacy.MaskAsync(_id, TenantId.Default, new Told(told.Add), Cancellation)).ShouldBe(new MaskReport(4, 2));
        told.ShouldBe([new MaskReport(4, 2)]);
        var after = await bank.FetchAsync(_id);
        after.Select(static e => e.Data).ShouldBe(
            [new AccountOpened(_id, "***", "EUR"), new NoteTaken("***"), new NoteTaken("harmless"), new MoneyDeposited(_id, 5m)]);
        after.Select(static e => (e.Id, e.Position, e.Version, e.Timestamp)).ShouldBe(
            before.Select(static e => (e.Id, e.Position, e.Version, e.Timestamp)));
        (await bank.ExecuteAsync($"select detail->>'masked' from {{schema}}.audit where verb = 'mask' and stream = '{_id}'")).ShouldBe("2");

        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).ShouldBe(new MaskReport(4, 0));
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.audit where verb = 'mask' and stream = '{_id}'")).ShouldBe(1L);
    }

    [Fact]
    public async Task A_filter_reaches_all_tenants_and_archived_deleted_and_truncated_events_and_no_others()
    {
        string[] streams = [$"{_id}-active", $"{_id}-archived", $"{_id}-deleted", $"{_id}-truncated"];
        foreach (var stream in streams)
        {
            await using var session = bank.Store.OpenSession($"tenant of {stream}");
            session.Events.Append(stream, new NoteTaken("secret"), new NoteTaken("secret too"));
            await session.SaveChangesAsync(Cancellation);
            Action<StreamId> change = stream[37..] switch
            {
                "archived" => session.Events.ArchiveStream,
                "deleted" => id => session.Events.DeleteStream(id),
                "truncated" => id => session.Events.TruncateStream(id, 2),
                _ => static _ => { },
            };
            change(stream);
            await session.SaveChangesAsync(Cancellation);
        }

        await bank.AppendAsync($"other-{_id}", new NoteTaken("secret"));
        await using var store = With(static options => options.Mask<NoteTaken>(static e => e with { Text = "***" }));
        (await store.Privacy.MaskAsync(new EventFilter().OfStreams($"{_id}"), cancellationToken: Cancellation)).ShouldBe(
            new MaskReport(8, 8));
        (await store.Privacy.MaskAsync(new EventFilter().OfStreams($"{_id}"), cancellationToken: Cancellation)).ShouldBe(
            new MaskReport(8, 0));
        (await bank.ExecuteAsync(
            $"select count(*) from {{schema}}.events e join {{schema}}.streams s on s.key = e.stream where s.id ^@ '{_id}' and "
                + "e.data->>'text' <> '***'"))
            .ShouldBe(0L);
        (await bank.FetchAsync($"other-{_id}"))[0].Data.ShouldBe(new NoteTaken("secret"));
    }

    [Fact]
    public async Task More_events_than_a_page_are_masked_to_the_last()
    {
        await bank.AppendAsync(_id, [.. Enumerable.Range(0, 1203).Select(static index => new NoteTaken($"{index}"))]);
        await using var store = With(static options => options.Mask<NoteTaken>(static e => e with { Text = "***" }));
        var told = new List<MaskReport>();
        (await store.Privacy.MaskAsync(_id, TenantId.Default, new Told(told.Add), Cancellation)).ShouldBe(new MaskReport(1203, 1203));
        told.Select(static report => report.Masked).ShouldBe([500, 1000, 1203]);
        (await bank.FetchAsync(_id)).ShouldAllBe(static e => e.Data.Equals(new NoteTaken("***", 1)));
    }

    [Fact]
    public async Task An_old_shape_is_stored_in_the_current_one_when_it_is_masked()
    {
        await bank.AppendAsync(_id, new ParcelWeighedV2(1500), new ParcelWeighed(2, "Ada", 2));
        await bank.TamperAsync($$"""
            update {schema}.events set type_version = 1, data = '{"kilograms": 1.5, "by": "Ada"}'
            where version = 1 and stream = (select key from {schema}.streams where id = '{{_id}}')
            """);
        await using var store = With(static options => options.Mask<ParcelWeighed>(static e => e with { By = "***" }));

        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(2);
        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(0);
        var events = await bank.FetchAsync(_id);
        events.Select(static e => e.Data).ShouldBe([new ParcelWeighed(1500, "***", 1), new ParcelWeighed(2, "***", 2)]);
        events.ShouldAllBe(static e => e.TypeVersion == 3);
        (await bank.ExecuteAsync($"select data ? 'kilograms' from {{schema}}.events where id = '{events[0].Id}'")).ShouldBe(false);
    }

    [Fact]
    public async Task Personal_data_stays_encrypted_and_what_the_rule_leaves_alone_keeps_its_bytes()
    {
        var plain = await bank.AppendAsync(_id, Ada);
        var before = await SealedAsync("email");
        await using var store = With(
            static options => options.Mask<PersonRegistered>(static e => e with { Name = "A. L.", Plan = "none" }));

        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(1);
        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(0);
        (await bank.FetchAsync(_id))[0].Data.ShouldBe(Ada with { Name = "A. L.", Plan = "none" });
        (await SealedAsync("email")).ShouldBe(before);
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.events where position = {plain.Position} and data::text like '%A. L.%'"))
            .ShouldBe(0L);

        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        await using var later = With(
            static options => options.Mask<PersonRegistered>(static e => e with { Name = "A. L.", Plan = "none" }));
        (await later.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(0);
        (await bank.FetchAsync(_id))[0].Data.ShouldBe(new PersonRegistered(_id, "", "(forgotten)", null, default, null, "none"));
    }

    [Fact]
    public async Task Events_of_a_forgotten_subject_can_be_masked()
    {
        await bank.AppendAsync(_id, Ada);
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        await using var store = With(static options => options.Mask<PersonRegistered>(static e => e with { Plan = "none" }));

        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(1);
        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(0);
        (await bank.FetchAsync(_id))[0].Data.ShouldBe(new PersonRegistered(_id, "", "(forgotten)", null, default, null, "none"));
    }

    [Fact]
    public async Task Personal_data_of_several_tenants_is_read_and_masked_with_the_keys_of_each()
    {
        foreach (var tenant in (TenantId[])[$"a {_id}", $"b {_id}"])
        {
            await using var session = bank.Store.OpenSession(tenant);
            session.Events.Append(_id, Ada with { Plan = tenant.Value });
            await session.SaveChangesAsync(Cancellation);
        }

        var filter = new EventFilter().OfStreams($"{_id}");
        await using var store = With(static options => options.Mask<PersonRegistered>(static e => e with { Name = $"{e.Name[0]}" }));
        (await store.Privacy.MaskAsync(filter, cancellationToken: Cancellation)).Masked.ShouldBe(2);
        await using var reader = bank.CreateStore();
        await using var query = reader.OpenQuerySession();
        var read = await query.Events.ReadAllAsync(new EventFilter().OfStreams($"{_id}").OfAnyTenant(), Cancellation)
            .ToListAsync(Cancellation);
        read.Select(static e => e.Data).ShouldBe([Ada with { Name = "A", Plan = $"a {_id}" }, Ada with { Name = "A", Plan = $"b {_id}" }]);
    }

    [Fact]
    public async Task An_event_that_was_replaced_meanwhile_is_left_alone()
    {
        await bank.AppendAsync(_id, new NoteTaken("secret"));
        await using var store = With(options => options.Mask<NoteTaken>(e =>
        {
            // Between the reading and the writing.
            bank.TamperAsync($$"""
                update {schema}.events set id = gen_random_uuid(), data = '{"text": "replaced"}'
                where stream = (select key from {schema}.streams where id = '{{_id}}')
                """)
                .GetAwaiter()
                .GetResult();
            return e with { Text = "***" };
        }));

        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(0);
        (await bank.FetchAsync(_id))[0].Data.ShouldBe(new NoteTaken("replaced"));
    }

    [Fact]
    public async Task What_is_encrypted_first_when_it_is_masked_is_read_though_its_key_is_lost_meanwhile()
    {
        var other = Guid.NewGuid();
        await bank.AppendAsync(_id, new MoneySent(new PersonId(_id), "Ada", 5, "Charles", 1m));
        var calls = 0;
        await using var store = With(options => options.Mask<MoneySent>(e =>
        {
            // The first time its key is not there yet.
            if (++calls == 2)
                bank.TamperKeysAsync($"delete from {{schema}}_keys.subject_keys where subject = '{other}'").GetAwaiter().GetResult();

            return e with { From = new PersonId(other), FromName = "A." };
        }));

        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(1);
        calls.ShouldBeGreaterThan(2);
        await using var reader = bank.CreateStore();
        await using var query = reader.OpenQuerySession();
        (await query.Events.FetchStreamAsync(_id, cancellationToken: Cancellation))[0].Data.ShouldBe(
            new MoneySent(new PersonId(other), "A.", 5, "Charles", 1m));
    }

    [Fact]
    public async Task Events_without_personal_data_are_masked_without_a_look_at_keys()
    {
        await using var own = new BankStore(server);
        await own.InitializeAsync();
        await own.AppendAsync(_id, new NoteTaken("secret"));
        await own.ExecuteAsync("drop schema {schema}_keys cascade");
        await using var store = own.CreateStore(static options => options.Privacy.Mask<NoteTaken>(static e => e with { Text = "***" }));

        (await store.Privacy.MaskAsync(_id, cancellationToken: Cancellation)).Masked.ShouldBe(1);
        (await own.FetchAsync(_id))[0].Data.ShouldBe(new NoteTaken("***"));
    }

    private Task<object?> SealedAsync(string property) =>
        bank.ExecuteAsync(
            $"select e.data->>'{property}' from {{schema}}.events e join {{schema}}.streams s on s.key = e.stream where s.id = '{_id}'");

    private EventStore With(Action<PrivacyOptions> configure) => bank.CreateStore(options => configure(options.Privacy));

    private sealed record OtherAccount : IEquatable<AccountOpened>
    {
        public bool Equals(AccountOpened? other) => false;
    }

    private sealed class Told(Action<MaskReport> tell) : IProgress<MaskReport>
    {
        public void Report(MaskReport value) => tell(value);
    }
}
