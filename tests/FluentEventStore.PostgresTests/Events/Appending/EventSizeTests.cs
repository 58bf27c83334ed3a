using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>Events that are larger than a store takes.</summary>
public sealed class EventSizeTests(BankStore bank, PostgresServer server) : IClassFixture<BankStore>
{
    private const int Limit = 1_000;

    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static NoteTaken Small => new(new string('x', Limit - """{"text":"","weight":1}""".Length));

    private static NoteTaken Large => new(Small.Text + "x");

    public static TheoryData<string, Action<IDocumentSession, StreamId>> Ways => new()
    {
        { "alone", static (session, id) => session.Events.Append(id, Large) },
        { "among others", static (session, id) => session.Events.Append(id, Small, Large, Small) },
        { "as the first of a stream", static (session, id) => session.Events.StartStream(id, Large) },
        { "with a document", static (session, id) =>
        {
            session.Events.Append(id, Large);
            session.Store(new BigCounter { Id = 77 });
        }
        },
        { "with a tag", static (session, id) => session.Events.Append(id, Large).WithTag(new Tag("size", "large")) },
        { "in place of others", static (session, id) => session.Events.CompactStream(id, 1, Large) },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_event_that_is_too_large_is_refused_and_nothing_is_written(string way, Action<IDocumentSession, StreamId> add)
    {
        StreamId id = $"{_id}-{way}";
        await using var store = Limited();
        await using var session = store.OpenSession();
        session.Events.Append(id, Small);
        await session.SaveChangesAsync(Cancelled);
        if (way.Contains("first", StringComparison.Ordinal))
            id = $"{id}-new";
        add(session, id);

        var refused = await Should.ThrowAsync<EventTooLargeException>(() => session.SaveChangesAsync(Cancelled));

        (refused.Size, refused.Limit, refused.StreamId, refused.TypeName).ShouldBe((Limit + 1, Limit, id, "note-taken"));
        (await session.Events.FetchStreamAsync(id, cancellationToken: Cancelled))
            .Select(static e => e.Data)
            .ShouldBe(way.Contains("first", StringComparison.Ordinal) ? [] : [Small]);
        (await session.LoadAsync<BigCounter>(77, Cancelled)).ShouldBeNull();

        session.EjectAllPendingChanges();
        session.Events.Append(id, Small);
        (await session.SaveChangesAsync(Cancelled)).Position.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Encrypted_values_count_with_their_stored_size()
    {
        await using var store = Limited();
        await using var session = store.OpenSession();
        session.Events.Append(_id, new PersonRegistered(Guid.NewGuid(), new string('x', Limit - 200), "a", null, default, null, "paid"));

        (await Should.ThrowAsync<EventTooLargeException>(() => session.SaveChangesAsync(Cancelled))).Size.ShouldBeGreaterThan(Limit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_import_refuses_an_event_that_is_too_large(bool asStored)
    {
        await using var store = Limited();
        var json = System.Text.Encoding.UTF8.GetBytes($$"""{"text":"{{Large.Text}}","weight":1}""");
        var large = asStored
            ? new ImportedEvent(_id, 2, "note-taken", 1, json) { Timestamp = DateTimeOffset.UnixEpoch }
            : new ImportedEvent(_id, 2, Large) { Timestamp = DateTimeOffset.UnixEpoch };
        var events = new[] { new ImportedEvent(_id, 1, Small) { Timestamp = DateTimeOffset.UnixEpoch }, large };

        var refused = await Should.ThrowAsync<ImportException>(
            () => store.Transfer.ImportAsync(events.ToAsyncEnumerable(), cancellationToken: Cancelled));

        (refused.Fault, refused.Index, refused.Version).ShouldBe((ImportFault.TooLarge, 2, 2));
    }

    [Fact]
    public async Task A_file_with_an_event_that_is_too_large_is_refused_before_anything_is_imported()
    {
        await using var source = new BankStore(server);
        await source.InitializeAsync();
        await source.AppendAsync(_id, Small, Large);
        using var file = new MemoryStream();
        await source.Store.Transfer.ExportAsync(file, cancellationToken: Cancelled);
        file.Position = 0;
        await using var store = Limited();

        var refused = await Should.ThrowAsync<ImportException>(
            () => store.Transfer.ImportAsync(file, new ImportOptions { ChunkSize = 1 }, cancellationToken: Cancelled));

        (refused.Fault, refused.Line, refused.Imported).ShouldBe((ImportFault.TooLarge, 3, 0));
        (await bank.FetchAsync(_id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_large_event_that_is_already_stored_is_read()
    {
        await bank.AppendAsync(_id, Large);
        await using var store = Limited();
        await using var session = store.OpenQuerySession();

        (await session.Events.FetchStreamAsync(_id, cancellationToken: Cancelled)).Single().Data.ShouldBe(Large);
    }

    [Fact]
    public void A_limit_below_one_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => bank.CreateStore(static options => options.Events.MaxBytesOfEvent = 0));

    private EventStore Limited() => bank.CreateStore(static options => options.Events.MaxBytesOfEvent = Limit);
}
