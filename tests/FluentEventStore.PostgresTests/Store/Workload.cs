using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Store;

/// <summary>A bit of everything that a store does, so that each of its statements and functions runs at least once.</summary>
internal static class Workload
{
    private const string Awkward = "O\\'Hara \\n \"x\"";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>A store that keeps and masks what the workload asks for.</summary>
    public static EventStore Store(string connectionString, string schema) => EventStore.For(options =>
    {
        options.Connection(connectionString);
        options.Schema = schema;
        options.Projections.Snapshot<Account>(ProjectionLifecycle.Inline);
        options.Projections.SnapshotLive<Notebook>(every: 2);
        options.Privacy.Mask<NoteTaken>(static e => e with { Text = "masked" });
        options.Events.AllowHardDelete = true;
        options.Events.Retention.ForCategory("short-", keepLast: 1);
    });

    public static async Task RunAsync(EventStore store)
    {
        var id = Guid.NewGuid();
        await AppendAsync(store, id);
        await WriteTogetherAsync(store, id);
        await DecideAsync(store, id);
        await ChangeStreamsAsync(store, id);
        await KeepPersonalDataAsync(store);
        await TransferAsync(store, id);
        await ReadAsync(store, id);
    }

    private static async Task AppendAsync(EventStore store, Guid id)
    {
        await store.ExecuteAsync<Account>(id, (_, _) => [new AccountOpened(id, Awkward, "EUR"), new MoneyDeposited(id, 0.1m)], Cancelled);
        await store.ExecuteAsync<Account>(id, (_, _) => [new MoneyDeposited(id, 0.2m)], Cancelled);
        await using var session = store.OpenSession();
        session.SetHeader("key", Awkward);
        session.Events.Append($"{id}-notes", new NoteTaken(Awkward), new NoteTaken("two"));
        session.Events.StartStream($"{id}-started", new NoteTaken("a"));
        var customer = new Customer { Id = Guid.NewGuid(), Name = Awkward };
        session.Store(customer);
        session.Insert(new Branch($"{id}", "Main Street"));
        await session.SaveChangesAsync(Cancelled);
        session.Update(customer);
        session.Delete<Branch>($"{id}");
        await session.SaveChangesAsync(Cancelled);
        (await session.LoadAsync<Account>(id, Cancelled))!.Owner.ShouldBe(Awkward);
        (await session.LoadAsync<Customer>(customer.Id, Cancelled))!.Name.ShouldBe(Awkward);
        session.Events.Append($"{id}-notes", ExpectedVersion.Exactly(1), new NoteTaken("late"));
        await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync(Cancelled));
        session.EjectAllPendingChanges();
    }

    /// <summary>Many at once, some of which are refused: combined, and judged one by one.</summary>
    private static Task WriteTogetherAsync(EventStore store, Guid id) => Task.WhenAll(Enumerable.Range(0, 24).Select(async number =>
    {
        await using var session = store.OpenSession();
        session.Events.Append(
            $"{id}-{number % 4}", number % 6 == 0 ? ExpectedVersion.Exactly(99) : ExpectedVersion.Any, new NoteTaken($"{number}"));
        try
        {
            await session.SaveChangesAsync(Cancelled);
        }
        catch (StreamVersionConflictException) when (number % 6 == 0)
        {
        }
    }));

    private static async Task DecideAsync(EventStore store, Guid id)
    {
        await using var session = store.OpenSession();
        var course = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"{id}"), Cancelled);
        course.Append($"{id}-course", new CourseOffered($"{id}", 2));
        await session.SaveChangesAsync(Cancelled);
        await using var another = store.OpenSession();
        var again = await another.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"{id}"), Cancelled);
        again.Aggregate!.Places.ShouldBe(2);
        again.Append($"{id}-student", new StudentEnrolled($"{id}", new StudentId(id)));
        await another.SaveChangesAsync(Cancelled);
    }

    private static async Task ChangeStreamsAsync(EventStore store, Guid id)
    {
        await using var session = store.OpenSession();
        var notes = await session.Events.FetchStreamAsync($"{id}-notes", cancellationToken: Cancelled);
        notes[0].Data.ShouldBe(new NoteTaken(Awkward));
        session.Events.LinkTo($"{id}-links", notes.ToArray());
        session.Events.Append($"short-{id}", new NoteTaken("a"), new NoteTaken("b"), new NoteTaken("c"));
        session.Events.Append($"{id}-gone", new NoteTaken("a"));
        session.Events.Append($"{id}-stone", new NoteTaken("a"));
        await session.SaveChangesAsync(Cancelled);
        (await session.Events.FetchStreamAsync($"{id}-links", cancellationToken: Cancelled)).Count.ShouldBe(2);
        await store.Privacy.MaskAsync($"{id}-notes", cancellationToken: Cancelled);
        session.Events.CompactStream($"{id}-notes", 2, new NoteTaken("both"));
        session.Events.TruncateStream($"{id}-0", 2);
        session.Events.ArchiveStream($"{id}-1");
        session.Events.DeleteStream($"{id}-2");
        session.Events.HardDeleteStream($"{id}-gone");
        session.Events.TombstoneStream($"{id}-stone");
        await session.SaveChangesAsync(Cancelled);
        session.Events.UnarchiveStream($"{id}-1");
        session.Events.UndeleteStream($"{id}-2");
        await session.SaveChangesAsync(Cancelled);
        (await store.ScrubAsync(cancellationToken: Cancelled)).Events.ShouldBeGreaterThan(0);
        await session.Events.FetchLatestAsync<Notebook>($"{id}-notes", Cancelled);
        await store.DeleteSnapshotsAsync<Notebook>(Cancelled);
    }

    private static async Task KeepPersonalDataAsync(EventStore store)
    {
        var id = Guid.NewGuid();
        await using var session = store.OpenSession();
        session.Events.Append(id, new PersonRegistered(id, "Ada", "ada@example.com", null, new DateOnly(1990, 1, 2), null));
        await session.SaveChangesAsync(Cancelled);
        ((PersonRegistered)(await session.Events.FetchStreamAsync(id, cancellationToken: Cancelled))[0].Data).Name.ShouldBe("Ada");
        _ = await store.Privacy.ForgetAsync($"{id}", cancellationToken: Cancelled);
    }

    private static async Task TransferAsync(EventStore store, Guid id)
    {
        using var file = new MemoryStream();
        (await store.Transfer.ExportAsync(file, new ExportOptions { StreamPrefix = $"{id}-n" }, Cancelled)).Events.ShouldBeGreaterThan(0);
        file.Position = 0;
        (await store.Transfer.ImportAsync(file, cancellationToken: Cancelled)).Imported.ShouldBe(0);
        await store.Transfer.ImportAsync(
            new[] { new ImportedEvent($"{id}-imported", 1, new NoteTaken(Awkward)) { Timestamp = DateTimeOffset.UnixEpoch } }
                .ToAsyncEnumerable(), cancellationToken: Cancelled);
    }

    private static async Task ReadAsync(EventStore store, Guid id)
    {
        await using var session = store.OpenQuerySession();
        (await session.Events.ReadAllAsync(new EventFilter().OfStreams($"{id}-"), Cancelled).CountAsync(Cancelled)).ShouldBeGreaterThan(5);
        (await session.Events.ListStreamsAsync(new StreamQuery { Prefix = $"{id}-" }, Cancelled)).Streams.ShouldNotBeEmpty();
        (await session.Events.ListStreamsAsync(new StreamQuery { Search = $"{id}" }, Cancelled)).Streams.ShouldNotBeEmpty();
        await store.Log.FollowAsync(cancellationToken: Cancelled).FirstAsync(Cancelled);
        (await store.Log.FetchStatisticsAsync(Cancelled)).EventCount.ShouldBeGreaterThan(0);
        await store.Schema.CreateEventViewsAsync(cancellationToken: Cancelled);
        await Warnings.BecomeAsync(store, 0);
    }
}
