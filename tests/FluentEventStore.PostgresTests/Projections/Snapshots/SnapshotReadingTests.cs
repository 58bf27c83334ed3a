using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Projections.Snapshots;

/// <summary>What is read of snapshots: of streams with links, of ids in other writings, of many at once, beside writers.</summary>
public sealed class SnapshotReadingTests(SnapshotRuleStore bank) : IClassFixture<SnapshotRuleStore>
{
    private readonly string _id = $"{Guid.NewGuid()}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_with_links_takes_events_and_is_read_with_them(bool isKept)
    {
        var source = $"source-{_id}";
        var linked = (await bank.SaveAsync(events => events.Append(source, Notes("linked")))).Streams[source];
        await SnapshotRuleStore.SaveAsync(isKept ? bank.Store : bank.Bare, events => events.Append(_id, Notes("a", "b")));
        await using (var session = bank.Store.OpenQuerySession())
        {
            var events = await session.Events.FetchStreamAsync(source, cancellationToken: Cancellation);
            await SnapshotRuleStore.SaveAsync(bank.Bare, operations => operations.LinkTo(_id, events));
        }

        (await bank.RowAsync(_id)).ShouldBeNull();
        await ShouldBeAsync("a", "b", "linked");
        await bank.SaveAsync(events => events.Append(_id, Notes("c")));
        await ShouldBeAsync("a", "b", "linked", "c");
        await bank.SaveAsync(events =>
        {
            events.Append(_id, Notes("d"));
            events.TruncateStream(_id, 2);
        });
        await ShouldBeAsync("b", "linked", "c", "d");

        // What a link leads to goes with its own stream.
        await bank.SaveAsync(events => events.ArchiveStream(source));
        await ShouldBeAsync("b", "c", "d");
        await bank.Store.ExecuteAsync<Notebook>(_id, (notebook, _) => Notes($"{notebook!.Notes.Count}"), Cancellation);
        await ShouldBeAsync("b", "c", "d", "3");
        linked.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_unit_that_links_and_appends_leaves_no_row()
    {
        var source = $"source-{_id}";
        await bank.SaveAsync(events => events.Append(source, Notes("linked")));
        await bank.SaveAsync(events => events.Append(_id, Notes("a")));
        await using var session = bank.Store.OpenSession();
        var linked = await session.Events.FetchStreamAsync(source, cancellationToken: Cancellation);
        await bank.SaveAsync(events =>
        {
            events.Append(_id, Notes("b"));
            events.LinkTo(_id, linked);
        });
        (await bank.RowAsync(_id)).ShouldBeNull();
        await ShouldBeAsync("a", "b", "linked");
    }

    [Fact]
    public async Task Snapshots_are_loaded_together_whatever_happened_to_their_streams()
    {
        string[] ids = [.. Enumerable.Range(0, 6).Select(number => $"{_id}-{number}")];
        foreach (var id in ids)
            await bank.SaveAsync(events => events.Append(id, Notes(id)));

        await bank.SaveAsync(events => events.ArchiveStream(ids[1]));
        await bank.ExecuteAsync($"delete from {{schema}}.doc_notebook where id = '{ids[2]}'");
        await SnapshotRuleStore.SaveAsync(bank.Bare, events => events.Append(ids[3], Notes("late")));
        await using var session = bank.Store.OpenSession();
        session.Events.LinkTo(ids[4], await session.Events.FetchStreamAsync(ids[5], cancellationToken: Cancellation));
        await session.SaveChangesAsync(Cancellation);

        var loaded = await session.LoadManyAsync<Notebook>([.. ids.Reverse(), .. ids, new string('x', 300)], Cancellation);

        loaded.Select(static notebook => string.Join('+', notebook.Notes))
            .ShouldBe([ids[5], $"{ids[4]}+{ids[5]}", $"{ids[3]}+late", ids[2], ids[0]]);
        (await session.LoadAsync<Notebook>(new string('x', 300), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_state_and_its_version_come_from_one_moment_whatever_others_write_meanwhile()
    {
        await bank.SaveAsync(events => events.Append(_id, Notes("a")));
        await using var connection = new NpgsqlConnection(bank.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);

        // Two writers at once, one of whom keeps the snapshot: the reader waits for their events.
        await RunAsync($$"""
            lock table {{bank.Schema}}.events in access exclusive mode;
            insert into {{bank.Schema}}.events (position, stream, version, id, type, type_version, recorded_at, data)
            select nextval('{{bank.Schema}}.positions'), key, number, gen_random_uuid(), 'note-taken', 1, now(),
              jsonb_build_object('text', number::text, 'weight', 1)
            from {{bank.Schema}}.streams, generate_series(2, 3) as number
            where id = '{{_id}}';
            update {{bank.Schema}}.streams set version = 3 where id = '{{_id}}';
            update {{bank.Schema}}.doc_notebook
            set version = 2, data = jsonb_set(jsonb_set(data, '{notes}', '["a", "2"]'), '{versions}', '[1, 2]')
            where id = '{{_id}}'
            """);
        await using var session = bank.Store.OpenSession();
        var fetching = session.Events.FetchForWritingAsync<Notebook>(_id, cancellationToken: Cancellation);
        await Eventually.BecomesTrueAsync(
            async () => await bank.ExecuteAsync(
                "select count(*) > 0 from pg_locks where not granted and relation = '{schema}.events'::regclass "
                    + "and database = (select oid from pg_database where datname = current_database())") is true,
            "the reader waits for the events");

        await transaction.CommitAsync(Cancellation);
        var stream = await fetching;

        stream.Version.ShouldBe(3);
        stream.Aggregate!.Notes.ShouldBe(["a", "2", "3"]);
        stream.Append(new NoteTaken("b"));
        await session.SaveChangesAsync(Cancellation);
        await bank.ShouldAgreeAsync<Notebook>(_id, _id);

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    [Fact]
    public async Task Another_spelling_of_a_Guid_is_another_stream_without_a_snapshot()
    {
        var id = Guid.NewGuid();
        StreamId upper = id.ToString().ToUpperInvariant();
        await bank.SaveAsync(events => events.Append(id, new AccountOpened(id, "Ada", "EUR"), new MoneyDeposited(id, 1)));
        await bank.SaveAsync(events => events.Append(upper, new AccountOpened(id, "Grace", "EUR"), new MoneyDeposited(id, 2)));
        await bank.ShouldAgreeAsync<Account>(id, id);

        await bank.SaveAsync(events => events.HardDeleteStream(upper));
        await bank.SaveAsync(events => events.Append(id, new MoneyDeposited(id, 4)));
        await bank.ShouldAgreeAsync<Account>(id, id);

        await bank.SaveAsync(events => events.Append(upper, new AccountOpened(id, "Grace", "EUR")));
        await using var session = bank.Store.OpenSession();
        (await session.Events.FetchLatestAsync<Account>(upper, Cancellation))!.Owner.ShouldBe("Grace");
        await Should.ThrowAsync<ArgumentException>(
            () => session.Events.FetchForWritingAsync<Account>(upper, cancellationToken: Cancellation));
        upper.TryGetGuid(out var none).ShouldBeFalse();
        none.ShouldBe(Guid.Empty);
    }

    [Fact]
    public async Task Only_the_plain_spelling_of_a_number_is_the_id_of_a_snapshot()
    {
        Action<EventStoreOptions> configure = static options =>
        {
            options.Projections.Snapshot<Meter>(ProjectionLifecycle.Inline);
            options.Projections.Snapshot<Gauge>(ProjectionLifecycle.Inline);
        };
        await bank.ApplyAsync(configure);
        await using var store = bank.CreateStore(configure);
        var number = Random.Shared.Next(1, int.MaxValue);
        foreach (var writing in (string[])[
            $"{number}",
            $"0{number}",
            $"+{number}",
            $"-{number}",
            "-0",
            "0",
            $"{int.MaxValue + (long)number}"
        ])
            await SnapshotRuleStore.SaveAsync(store, events => events.Append(writing, new MeterRead(writing.Length), new MeterRead(1)));

        await using var session = store.OpenQuerySession();
        (await session.LoadManyAsync<Meter>([number, -number, 0L, int.MaxValue + (long)number], Cancellation))
            .Select(static meter => (meter.Id, meter.Amounts[0]))
            .ShouldBe(
                [
                    (number, $"{number}".Length),
                    (-number, $"-{number}".Length),
                    (0, 1),
                    (int.MaxValue + (long)number, $"{int.MaxValue + (long)number}".Length)
                ]);
        (await session.LoadManyAsync<Gauge>([number, -number, 0], Cancellation)).ShouldAllBe(static gauge => gauge.Amounts.Count == 2);
        (await bank.ExecuteAsync("select (select count(*) from {schema}.doc_meter) || ' ' || (select count(*) from {schema}.doc_gauge)"))
            .ShouldBe("4 3");
    }

    private static object[] Notes(params IEnumerable<string> texts) => [.. texts.Select(static text => new NoteTaken(text))];

    private async Task ShouldBeAsync(params string[] notes)
    {
        await bank.ShouldAgreeAsync<Notebook>(_id, _id);
        await using var session = bank.Bare.OpenQuerySession();
        var folded = await session.Events.AggregateStreamAsync<Notebook>(_id, cancellationToken: Cancellation);
        (folded?.Notes ?? []).ShouldBe(notes);
    }
}
