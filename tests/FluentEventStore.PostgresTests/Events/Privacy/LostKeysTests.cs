using System.Diagnostics;
using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>
/// A process has keys at hand that the database has lost, as after a fail-over, after a restore, or when its schema was made anew. Others
/// read what is written then.
/// </summary>
public sealed class LostKeysTests(BankStore bank, PostgresServer server) : IClassFixture<BankStore>
{
    private readonly Guid _id = Guid.NewGuid();

    public static TheoryData<string> Losses =>
    [
        "delete from {schema}_keys.subject_keys where subject in ({subjects})",
        "update {schema}_keys.subject_keys set key = sha256(key) where subject in ({subjects})",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PersonRegistered Ada => new(_id, "Ada Lovelace", "ada@example.org", "555-0100", new DateOnly(1815, 12, 10), null, "paid");

    private StreamId After => $"after-{_id}";

    [Theory, MemberData(nameof(Losses))]
    public async Task What_is_appended_alone_is_read_by_others(string loss)
    {
        await using var store = bank.CreateStore(static options => options.Events.GroupCommit.IsEnabled = false);
        await LoseAsync(store, loss);
        await AppendAsync(store, After, new NoteTaken("a"), Ada, new MoneySent(new PersonId(_id), "Ada", 5, "Charles", 1m));
        (await ReadAsync(After)).ShouldBe([new NoteTaken("a"), Ada, new MoneySent(new PersonId(_id), "Ada", 5, "Charles", 1m)]);
    }

    [Theory, MemberData(nameof(Losses))]
    public async Task What_is_appended_together_with_units_of_others_is_read_and_theirs_is_written_once(string loss)
    {
        await using var store = bank.CreateStore(
            static options => (options.Events.GroupCommit.Lanes, options.Events.GroupCommit.CombinesFrom) = (1, 1));
        await LoseAsync(store, loss);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(index => (index % 4) switch
        {
            0 => AppendAsync(store, $"{After}-{index}", Ada),
            1 => AppendAsync(store, $"{After}-{index}", new GuestsInvited([new Guest($"{_id}-{index}", "Bob")])),
            _ => AppendAsync(store, $"{After}-{index}", new NoteTaken("a")),
        }));

        for (var index = 0; index < 40; index++)
        {
            var read = (await ReadAsync($"{After}-{index}")).ShouldHaveSingleItem();
            (read is not PersonRegistered ada || ada == Ada).ShouldBeTrue();
            (read is not GuestsInvited invited || invited.Guests[0].Name == "Bob").ShouldBeTrue();
        }
    }

    /// <param name="turn">How often keys are looked at before somebody else of the process notices the loss.</param>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task If_a_new_key_comes_while_a_unit_is_encrypted_no_value_of_the_unit_keeps_the_old_one(int turn)
    {
        var clock = new InterruptingClock();
        await using var store = bank.CreateStore(options => options.WaitClock = clock);
        await LoseAsync(store, Losses.Last());
        clock.Interrupt(turn, () => AppendAsync(store, $"meanwhile-{_id}", Ada));
        await AppendAsync(store, After, Ada, Ada with { Plan = "free" });
        (turn > 1 || clock.HasInterrupted).ShouldBeTrue("A unit looks at each key once at most.");
        (await ReadAsync(After)).ShouldBe([Ada, Ada with { Plan = "free" }]);
        (await ReadAsync($"meanwhile-{_id}")).ShouldBe(clock.HasInterrupted ? [Ada] : []);
    }

    [Theory, MemberData(nameof(Losses))]
    public async Task What_a_decision_over_tags_appends_is_read(string loss)
    {
        await using var store = bank.CreateStore();
        await LoseAsync(store, loss);
        await using var session = store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"c{_id:N}"), Cancellation);
        boundary.Append(After, new CourseOffered($"c{_id:N}", 3), Ada);
        await session.SaveChangesAsync(Cancellation);
        (await ReadAsync(After))[1].ShouldBe(Ada);
    }

    [Theory]
    [InlineData(System.Data.IsolationLevel.ReadCommitted, false)]
    [InlineData(System.Data.IsolationLevel.ReadCommitted, true)]
    [InlineData(System.Data.IsolationLevel.RepeatableRead, false)]
    [InlineData(System.Data.IsolationLevel.RepeatableRead, true)]
    [InlineData(System.Data.IsolationLevel.Serializable, true)]
    public async Task What_is_written_in_a_transaction_of_the_caller_is_read(System.Data.IsolationLevel isolation, bool isLost)
    {
        await using var store = bank.CreateStore();
        await BankStore.WriteOnceAsync(store);
        await using var connection = new NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Cancellation);
        if (isLost)
            await LoseAsync(store, Losses.First());

        // It does not see the key that is made after it began.
        await using var transaction = await connection.BeginTransactionAsync(isolation, Cancellation);
        await using (var begin = new NpgsqlCommand("select 1 from pg_class limit 1", connection, transaction))
            await begin.ExecuteScalarAsync(Cancellation);

        await using (var session = store.OpenSession(new SessionOptions { Transaction = transaction }))
        {
            session.Events.Append(After, new NoteTaken("a"), Ada);
            await session.SaveChangesAsync(Cancellation);
            (await session.Events.FetchStreamAsync(After, cancellationToken: Cancellation))[1].Data.ShouldBe(Ada);
        }

        await transaction.CommitAsync(Cancellation);
        (await ReadAsync(After))[1].ShouldBe(Ada);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_appended_with_an_inline_snapshot_is_read_and_so_is_the_snapshot(bool isMet)
    {
        await using var own = new BankStore(server);
        await using var store = own.CreateStore(static options => options.Projections.Snapshot<Person>(ProjectionLifecycle.Inline));
        await own.ApplyAsync(static options => options.Projections.Snapshot<Person>(ProjectionLifecycle.Inline));
        await AppendAsync(store, "before", Ada with { Name = "first" });
        await own.TamperKeysAsync($"delete from {{schema}}_keys.subject_keys where subject = '{_id}'");

        if (isMet)
            await Parallel.ForAsync(0, 8, Cancellation, async (index, _) => await AppendAsync(store, _id, Ada with { Plan = $"{index}" }));
        else
            await AppendAsync(store, _id, Ada);

        await using var fresh = own.CreateStore(static options => options.Projections.Snapshot<Person>(ProjectionLifecycle.Inline));
        await using var session = fresh.OpenSession();
        (await session.Events.FetchStreamAsync(_id, cancellationToken: Cancellation)).ShouldAllBe(
            static e => ((PersonRegistered)e.Data).Name == "Ada Lovelace");
        (await session.Events.FetchForWritingAsync<Person>(_id, cancellationToken: Cancellation)).Aggregate!.Name.ShouldBe("Ada Lovelace");
        (await session.LoadAsync<Person>(_id, Cancellation))!.Name.ShouldBe("Ada Lovelace");
    }

    [Fact]
    public async Task What_takes_the_place_of_other_events_is_read()
    {
        await using var store = bank.CreateStore();
        await AppendAsync(store, After, new NoteTaken("a"), new NoteTaken("b"));
        await LoseAsync(store, Losses.First());
        await using (var session = store.OpenSession())
        {
            session.Events.CompactStream(After, upToVersion: 2, Ada);
            await session.SaveChangesAsync(Cancellation);
        }

        (await ReadAsync(After)).ShouldBe([Ada]);
    }

    [Fact]
    public async Task A_schema_that_was_created_again_gets_new_keys()
    {
        await using var own = new BankStore(server);
        await own.InitializeAsync();
        await AppendAsync(own.Store, "before", Ada);
        await own.ExecuteAsync("drop schema {schema}, {schema}_keys cascade");
        await own.ApplyAsync();
        await AppendAsync(own.Store, "after", Ada);

        await using var fresh = own.CreateStore();
        await using var session = fresh.OpenQuerySession();
        (await session.Events.FetchStreamAsync("after", cancellationToken: Cancellation))[0].Data.ShouldBe(Ada);
    }

    [Fact]
    public async Task An_event_that_is_encrypted_again_is_stored_as_it_was_when_it_was_appended()
    {
        await using var store = bank.CreateStore();
        await AppendAsync(store, $"before-{_id}", Ada);
        await bank.TamperKeysAsync($"delete from {{schema}}_keys.subject_keys where subject = '{_id}'");
        await ShouldStoreWhatWasThereAsync(store, static () => { });
    }

    [Fact]
    public async Task An_event_that_waits_for_its_keys_is_stored_as_it_was_when_it_was_appended()
    {
        var keys = new OneKey { Wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) };
        await using var store = bank.CreateStore(options => options.Privacy.SubjectKeys = keys);
        await ShouldStoreWhatWasThereAsync(store, keys.Wait.SetResult);
    }

    [Theory, MemberData(nameof(Losses))]
    public async Task A_store_that_still_holds_the_lost_key_reads_what_others_write_with_the_new_one(string loss)
    {
        await using var store = bank.CreateStore();
        await LoseAsync(store, loss);
        await using (var other = bank.CreateStore())
            await AppendAsync(other, After, Ada, new GuestsInvited([new Guest($"{_id}-1", "Bob")]));

        await using var session = store.OpenQuerySession();
        var events = await session.Events.FetchStreamAsync(After, cancellationToken: Cancellation);
        events[0].Data.ShouldBe(Ada);
        ((GuestsInvited)events[1].Data).Guests[0].Name.ShouldBe("Bob");
        await Should.ThrowAsync<EventSerializationException>(
            () => session.Events.FetchStreamAsync($"before-{_id}", cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_subject_that_another_process_has_forgotten_is_noticed_when_the_unit_is_written()
    {
        await using var store = bank.CreateStore();
        await AppendAsync(store, $"before-{_id}", Ada);
        await using (var other = bank.CreateStore())
            _ = await other.Privacy.ForgetAsync(_id, cancellationToken: Cancellation);

        await using var session = store.OpenSession();
        session.Events.Append(After, Ada);
        (await Should.ThrowAsync<SubjectForgottenException>(() => session.SaveChangesAsync(Cancellation))).Subject.ShouldBe(_id);
        (await ReadAsync(After)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Imported_events_are_encrypted_again_if_their_key_disappears_before_they_are_written()
    {
        // The first chunk waits for a stream that somebody holds; the second one is encrypted meanwhile.
        await bank.AppendAsync(After, new NoteTaken("a"));
        await using var hold = await bank.HoldAsync(After);

        ImportedEvent[] events =
        [
            new(After, 2, new NoteTaken("b")) { Timestamp = DateTimeOffset.UnixEpoch },
            new(After, 3, Ada) { Timestamp = DateTimeOffset.UnixEpoch },
        ];
        var importing = bank.Store.Transfer.ImportAsync(
            events.ToAsyncEnumerable(), new ImportOptions { ChunkSize = 1 }, cancellationToken: Cancellation);
        while (!importing.IsCompleted
            && (long)(await bank.ExecuteAsync($"select count(*) from {{schema}}_keys.subject_keys where subject = '{_id}'"))! == 0)
            await Task.Delay(10, Cancellation);

        await bank.TamperKeysAsync($"delete from {{schema}}_keys.subject_keys where subject = '{_id}'");
        await hold.DisposeAsync();
        (await importing).Imported.ShouldBe(2);
        (await ReadAsync(After))[2].ShouldBe(Ada);
    }

    [Fact]
    public async Task Keys_that_are_kept_elsewhere_do_not_concern_the_database()
    {
        await using var store = bank.CreateStore(static options => options.Privacy.SubjectKeys = new OneKey());
        await AppendAsync(store, After, Ada);
        await using var session = store.OpenQuerySession();
        (await session.Events.FetchStreamAsync(After, cancellationToken: Cancellation))[0].Data.ShouldBe(Ada);
    }

    /// <summary>Changes what was appended, with and without personal data, and what was stored, as soon as saving has begun.</summary>
    private async Task ShouldStoreWhatWasThereAsync(EventStore store, Action goOn)
    {
        var (given, plain, replacement) = (
            new Reused { PersonId = _id, Name = "appended" }, new ItemsAdded(["appended"]), new ItemsAdded(["appended"]));
        var customer = new Customer { Id = Guid.NewGuid(), Name = "Ada", Tags = ["stored"] };
        await bank.AppendAsync($"compacted-{_id}", new ItemsAdded(["a"]), new ItemsAdded(["b"]));
        await using var session = store.OpenSession();
        session.Events.Append(After, plain, given, new NoteTaken("a"));
        session.Events.CompactStream($"compacted-{_id}", upToVersion: 2, replacement);
        session.Store(customer);
        await using var hold = await bank.HoldAsync($"compacted-{_id}");

        // It cannot end before all are changed.
        var saving = session.SaveChangesAsync(Cancellation);
        saving.IsCompleted.ShouldBeFalse();
        (given.Name, plain.Items[0], replacement.Items[0], customer.Tags[0]) = ("changed", "changed", "changed", "changed");
        goOn();
        await hold.DisposeAsync();
        await saving;

        var events = await session.Events.FetchStreamAsync(After, cancellationToken: Cancellation);
        ((ItemsAdded)events[0].Data).Items.ShouldBe(["appended"]);
        ((Reused)events[1].Data).Name.ShouldBe("appended");
        ((ItemsAdded)(await ReadAsync($"compacted-{_id}")).Single()).Items.ShouldBe(["appended"]);
        (await session.LoadAsync<Customer>(customer.Id, Cancellation))!.Tags.ShouldBe(["stored"]);
    }

    /// <summary>Has a store write of two subjects, and takes their keys away.</summary>
    private async Task LoseAsync(EventStore store, string loss)
    {
        await AppendAsync(store, $"before-{_id}", Ada, new GuestsInvited([new Guest($"{_id}-1", "Bob")]));
        await bank.TamperKeysAsync(loss.Replace("{subjects}", $"'{_id}', '{_id}-1'", StringComparison.Ordinal));
    }

    private static async Task AppendAsync(EventStore store, StreamId stream, params object[] events)
    {
        await using var session = store.OpenSession();
        session.Events.Append(stream, events);
        await session.SaveChangesAsync(Cancellation);
    }

    /// <summary>Reads as a process that has no key at hand.</summary>
    private async Task<object[]> ReadAsync(StreamId stream)
    {
        await using var fresh = bank.CreateStore();
        await using var session = fresh.OpenQuerySession();
        return [.. (await session.Events.FetchStreamAsync(stream, cancellationToken: Cancellation)).Select(static e => e.Data)];
    }

    /// <summary>Has something else happen where its thread asks how old a key is.</summary>
    private sealed class InterruptingClock : TimeProvider
    {
        private int _thread;
        private int _left;
        private Func<Task>? _interruption;

        public bool HasInterrupted { get; private set; }

        /// <param name="turn">How often it asks until it is interrupted.</param>
        /// <param name="interruption">What happens meanwhile.</param>
        public void Interrupt(int turn, Func<Task> interruption) =>
            (_thread, _left, _interruption) = (Environment.CurrentManagedThreadId, turn, interruption);

        public override long GetTimestamp()
        {
            if (_interruption is { } interruption && _thread == Environment.CurrentManagedThreadId && IsAskedForAKey() && --_left == 0)
            {
                _interruption = null;
                Task.Run(interruption).GetAwaiter().GetResult();
                HasInterrupted = true;
            }

            return base.GetTimestamp();
        }

        private static bool IsAskedForAKey() =>
            new StackTrace().GetFrames().Any(static frame => frame.GetMethod()?.DeclaringType == typeof(SubjectKeyCache));
    }

    private sealed class OneKey : ISubjectKeys
    {
        private readonly SubjectKey _key = new(new byte[SubjectKey.Length]);

        /// <summary>What keys are given out after.</summary>
        public TaskCompletionSource? Wait { get; init; }

        public async Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken)
        {
            await (Wait?.Task ?? Task.CompletedTask);
            return subjects.ToDictionary(static subject => subject, _ => _key);
        }

        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
            FindAsync(tenantId, subjects, cancellationToken);

        public Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
