using System.Collections.Concurrent;
using System.Security.Cryptography;
using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Events;

public sealed class ForgettingTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly Guid _id = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PersonRegistered Ada =>
        new(_id, "Ada Lovelace", "ada@example.org", "555-0100", new DateOnly(1815, 12, 10), new Address("St James's", "London"), "paid");

    private PersonRegistered Nobody => new(_id, "", "(forgotten)", null, default, null, "paid");

    [Fact]
    public async Task What_was_personal_reads_as_its_replacement_and_the_events_stay()
    {
        await bank.AppendAsync(_id, Ada, new NoteTaken("stays"));
        (await FetchAsync(bank.Store))[0].Data.ShouldBe(Ada);

        (await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation)).ShouldBe(
            new ForgetReport(ForgetOutcome.Forgotten, _id, default));

        var events = await FetchAsync(bank.Store);
        events.Select(static e => e.Data).ShouldBe([Nobody, new NoteTaken("stays")]);
        await using var another = bank.CreateStore();
        (await FetchAsync(another))[0].Data.ShouldBe(Nobody);
        (await bank.ExecuteAsync(
            $"select key is null and forgotten_at is not null from {{schema}}_keys.subject_keys where subject = '{_id}'"))
            .ShouldBe(true);
        (await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation)).ShouldBe(
            new ForgetReport(ForgetOutcome.ForgottenBefore, _id, default));
    }

    [Fact]
    public async Task Another_store_keeps_a_key_for_at_most_a_minute()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var other = bank.CreateStore(options => options.WaitClock = clock);
        await bank.AppendAsync(_id, Ada);
        (await FetchAsync(other))[0].Data.ShouldBe(Ada);
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);

        clock.Advance(TimeSpan.FromSeconds(59));
        (await FetchAsync(other))[0].Data.ShouldBe(Ada);
        clock.Advance(TimeSpan.FromSeconds(1));
        (await FetchAsync(other))[0].Data.ShouldBe(Nobody);
    }

    [Fact]
    public async Task A_reader_of_several_tenants_gets_each_event_with_the_keys_of_its_tenant()
    {
        TenantId other = $"t{_id:N}";
        await bank.AppendAsync(_id, Ada);
        await using (var session = bank.Store.OpenSession(other))
        {
            session.Events.Append(_id, Ada);
            await session.SaveChangesAsync(Cancellation);
        }

        _ = await bank.Store.Privacy.ForgetAsync(_id, other, Cancellation);

        await using var fresh = bank.CreateStore();
        await using var reader = fresh.OpenQuerySession();
        var events = await reader.Events
            .ReadAllAsync(new EventFilter().OfAnyTenant().OfStreams($"{_id}"), Cancellation)
            .ToDictionaryAsync(static e => e.TenantId, static e => e.Data, cancellationToken: Cancellation);
        events[TenantId.Default].ShouldBe(Ada);
        events[other].ShouldBe(Nobody);
    }

    [Fact]
    public async Task One_of_two_subjects_of_an_event_is_forgotten_and_the_other_is_not()
    {
        var to = Random.Shared.NextInt64();
        await bank.AppendAsync(_id, new MoneySent(new PersonId(_id), "Ada", to, "Charles", 5m));
        _ = await bank.Store.Privacy.ForgetAsync(to, cancellationToken: Cancellation);

        (await FetchAsync(bank.Store))[0].Data.ShouldBe(new MoneySent(new PersonId(_id), "Ada", to, "", 5m));
        _ = await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        (await FetchAsync(bank.Store))[0].Data.ShouldBe(new MoneySent(new PersonId(_id), "", to, "", 5m));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_data_of_a_forgotten_subject_is_refused_and_nothing_is_written(bool hadData)
    {
        if (hadData)
            await bank.AppendAsync(_id, Ada);
        (await bank.Store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation)).Outcome.ShouldBe(
            hadData ? ForgetOutcome.Forgotten : ForgetOutcome.NothingKnown);

        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, new NoteTaken("with it"), Ada);
        var failure = await Should.ThrowAsync<SubjectForgottenException>(() => session.SaveChangesAsync(Cancellation));
        (failure.Subject, failure.TenantId).ShouldBe((_id, TenantId.Default));
        (await FetchAsync(bank.Store)).Count.ShouldBe(hadData ? 1 : 0);

        session.EjectAllPendingChanges();
        session.Events.Append(_id, Nobody, new NoteTaken("alone"));
        (await Should.ThrowAsync<SubjectForgottenException>(() => session.SaveChangesAsync(Cancellation))).Subject.ShouldBe(_id);
        (await bank.ExecuteAsync($"select count(*) from {{schema}}_keys.subject_keys where subject = '{_id}' and key is null")).ShouldBe(
            1L);
    }

    [Fact]
    public async Task A_subject_of_one_tenant_is_not_that_of_another()
    {
        foreach (var tenant in (TenantId[])[$"a {_id}", $"b {_id}"])
        {
            await using var session = bank.Store.OpenSession(tenant);
            session.Events.Append(_id, Ada);
            await session.SaveChangesAsync(Cancellation);
        }

        _ = await bank.Store.Privacy.ForgetAsync(_id, $"a {_id}", Cancellation);
        (await FetchAsync(bank.Store, $"a {_id}"))[0].Data.ShouldBe(Nobody);
        (await FetchAsync(bank.Store, $"b {_id}"))[0].Data.ShouldBe(Ada);
        (await bank.ExecuteAsync($"select count(distinct key) from {{schema}}_keys.subject_keys where subject = '{_id}'")).ShouldBe(1L);
    }

    [Fact]
    public async Task Many_writers_of_a_new_subject_agree_on_one_key()
    {
        await Parallel.ForAsync(0, 16, Cancellation, async (index, cancellationToken) =>
        {
            await using var store = bank.CreateStore();
            await using var session = store.OpenSession();
            session.Events.Append(_id, Ada with { Plan = $"{index}" }, new MoneySent(new PersonId(_id), "Ada", index, $"{index}", 1m));
            await session.SaveChangesAsync(cancellationToken);
        });

        await using var reader = bank.CreateStore();
        (await FetchAsync(reader)).Select(static e => e.Data)
            .OfType<PersonRegistered>()
            .ShouldAllBe(e => e.Name == "Ada Lovelace" && e.Address == Ada.Address);
    }

    [Fact]
    public async Task What_is_not_a_subject_is_refused_at_the_call()
    {
        await Should.ThrowAsync<ArgumentException>(() => bank.Store.Privacy.ForgetAsync(default, cancellationToken: Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => bank.Store.Privacy.ForgetAsync(Guid.Empty, cancellationToken: Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => bank.Store.Privacy.ForgetAsync($"{Guid.Empty}", cancellationToken: Cancellation));
        await Should.ThrowAsync<ArgumentException>(() => bank.Store.Privacy.ForgetAsync("", cancellationToken: Cancellation));
        (await bank.ExecuteAsync($"select count(*) from {{schema}}_keys.subject_keys where subject in ('', '{Guid.Empty}')")).ShouldBe(0L);
    }

    [Fact]
    public async Task An_event_with_personal_data_but_no_subject_is_refused()
    {
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_id, Ada with { PersonId = Guid.Empty });
        var refusal = await Should.ThrowAsync<EventSerializationException>(() => session.SaveChangesAsync(Cancellation));
        (refusal.StreamId, refusal.Path).ShouldBe((_id, "$.name"));
        refusal.Reason.ShouldContain("empty Guid");

        session.EjectAllPendingChanges();
        var imported = new ImportedEvent(_id, 1, Ada with { PersonId = Guid.Empty }) { Timestamp = DateTimeOffset.UnixEpoch };
        await Should.ThrowAsync<EventSerializationException>(
            () => bank.Store.Transfer.ImportAsync(new[] { imported }.ToAsyncEnumerable(), cancellationToken: Cancellation));
        (await FetchAsync(bank.Store)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer)]
    public async Task A_unit_whose_outcome_is_unknown_is_written_once_when_it_is_saved_again(TcpProxy.Break when)
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await using (var warm = store.OpenSession())
        {
            warm.Events.Append($"warm-{_id}", Ada);
            await warm.SaveChangesAsync(Cancellation);
        }

        await using var session = store.OpenSession();
        session.Events.Append(_id, Ada);
        proxy.BreakNext(when);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync(Cancellation));
        (await session.SaveChangesAsync(Cancellation)).Streams[_id].ShouldBe(new StreamCommit(1, 1));
        (await FetchAsync(bank.Store)).Single().Data.ShouldBe(Ada);
    }

    [Fact]
    public async Task Keys_cost_a_round_trip_only_where_they_are_not_at_hand()
    {
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();

        (await CountAsync(_id)).ShouldBe(2);
        (await CountAsync(_id)).ShouldBe(1);
        session.Events.Append(_id, new NoteTaken("of nobody"));
        (await CountAsync(null)).ShouldBe(1);

        async Task<int> CountAsync(Guid? id)
        {
            if (id is not null)
                session.Events.Append(_id, Ada, new MoneySent(new PersonId(_id), "a", 7, "b", 1m));
            var before = proxy.RoundTrips;
            await session.SaveChangesAsync(Cancellation);
            return proxy.RoundTrips - before;
        }
    }

    [Fact]
    public async Task Keys_may_be_kept_elsewhere()
    {
        var vault = new Vault();
        await using var store = bank.CreateStore(options => options.Privacy.SubjectKeys = vault);
        await using var session = store.OpenSession();
        session.Events.Append(_id, Ada);
        await session.SaveChangesAsync(Cancellation);

        (await FetchAsync(store))[0].Data.ShouldBe(Ada);
        (await bank.ExecuteAsync($"select count(*) from {{schema}}_keys.subject_keys where subject = '{_id}'")).ShouldBe(0L);
        _ = await store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        (await FetchAsync(store))[0].Data.ShouldBe(Nobody);
    }

    [Fact]
    public async Task A_key_that_was_read_before_the_forgetting_and_arrives_after_it_is_not_kept()
    {
        var vault = new Vault();
        await using var writer = bank.CreateStore(options => options.Privacy.SubjectKeys = vault);
        await using var session = writer.OpenSession();
        session.Events.Append(_id, Ada);
        await session.SaveChangesAsync(Cancellation);

        await using var store = bank.CreateStore(options => options.Privacy.SubjectKeys = vault);
        vault.Answer = new TaskCompletionSource();
        var reading = FetchAsync(store);
        await vault.Asked.Task.WaitAsync(Eventually.HangGuard, Cancellation);
        _ = await store.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);
        vault.Answer.SetResult();

        (await reading)[0].Data.ShouldBe(Ada);
        (await FetchAsync(store))[0].Data.ShouldBe(Nobody);
    }

    private async Task<IReadOnlyList<IEvent>> FetchAsync(EventStore store, TenantId tenantId = default)
    {
        await using var session = store.OpenQuerySession(tenantId);
        return await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation);
    }

    private sealed class Vault : ISubjectKeys
    {
        private readonly ConcurrentDictionary<(TenantId, SubjectId), SubjectKey> _keys = new();

        public TaskCompletionSource Asked { get; } = new();

        /// <summary>Holds answers back until it is completed.</summary>
        public TaskCompletionSource? Answer { get; set; }

        public async Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken)
        {
            var found = subjects.Where(subject => _keys.ContainsKey((tenantId, subject)))
                .ToDictionary(static subject => subject, subject => _keys[(tenantId, subject)]);
            Asked.TrySetResult();
            if (Answer is { } answer)
                await answer.Task.WaitAsync(cancellationToken);
            return found;
        }

        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<SubjectId, SubjectKey>>(subjects.ToDictionary(
                static subject => subject, subject =>
                    _keys.GetOrAdd((tenantId, subject), static _ => new SubjectKey(RandomNumberGenerator.GetBytes(SubjectKey.Length)))));

        public Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken)
        {
            var outcome = !_keys.TryGetValue((tenantId, subject), out var key)
                ? ForgetOutcome.NothingKnown
                : key.IsForgotten ? ForgetOutcome.ForgottenBefore : ForgetOutcome.Forgotten;
            _keys[(tenantId, subject)] = SubjectKey.Forgotten;
            return Task.FromResult(outcome);
        }
    }
}
