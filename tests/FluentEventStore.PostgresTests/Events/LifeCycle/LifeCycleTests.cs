using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public sealed class LifeCycleTests(LifeCycleStore bank) : IClassFixture<LifeCycleStore>, IAsyncLifetime
{
    private readonly Guid _guid = Guid.NewGuid();

    private StreamId Id => _guid;

    public async ValueTask InitializeAsync() =>
        await bank.AppendAsync(Id, new AccountOpened(_guid, "Ada", "EUR"), new NoteTaken("a"), new NoteTaken("b"));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_archived_stream_takes_no_events_and_nothing_of_the_unit_is_written()
    {
        await bank.SaveAsync(events => events.ArchiveStream(Id));
        StreamId other = $"other-{Id}";

        (await Should.ThrowAsync<StreamArchivedException>(() => bank.SaveAsync(events =>
        {
            events.Append(other, new NoteTaken("x"));
            events.Append(Id, new NoteTaken("c"));
        }))).StreamId.ShouldBe(Id);

        (await bank.FetchAsync(other)).ShouldBeEmpty();
        (await VersionAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task A_state_wins_over_a_version()
    {
        await bank.SaveAsync(events => events.ArchiveStream(Id));
        await Should.ThrowAsync<StreamArchivedException>(
            () => bank.SaveAsync(events => events.Append(Id, ExpectedVersion.Exactly(7), new NoteTaken("c"))));
        await bank.SaveAsync(events => events.UnarchiveStream(Id));
        await bank.SaveAsync(events => events.DeleteStream(Id));
        await Should.ThrowAsync<StreamDeletedException>(() => bank.SaveAsync(events => events.StartStream(Id, new NoteTaken("c"))));
    }

    [Fact]
    public async Task What_a_unit_appends_to_a_stream_that_it_archives_comes_before()
    {
        var commit = await bank.SaveAsync(events =>
        {
            events.Append(Id, new NoteTaken("last"));
            events.ArchiveStream(Id);
        });

        commit.Streams[Id].Version.ShouldBe(4);
        (await StateAsync()).ShouldBe((short)1);
    }

    [Fact]
    public async Task What_a_unit_appends_to_a_stream_that_it_unarchives_comes_after()
    {
        await bank.SaveAsync(events => events.ArchiveStream(Id));
        var commit = await bank.SaveAsync(events =>
        {
            events.UnarchiveStream(Id);
            events.Append(Id, ExpectedVersion.Exactly(3), new NoteTaken("again"));
        });

        commit.Streams[Id].Version.ShouldBe(4);
        (await StateAsync()).ShouldBe((short)0);
    }

    [Fact]
    public async Task Archiving_twice_is_refused_but_unarchiving_twice_is_not()
    {
        await bank.SaveAsync(events => events.ArchiveStream(Id));
        (await Should.ThrowAsync<StreamArchivedException>(() => bank.SaveAsync(events => events.ArchiveStream(Id)))).StreamId.ShouldBe(Id);
        await bank.SaveAsync(events => events.UnarchiveStream(Id));
        await bank.SaveAsync(events => events.UnarchiveStream(Id));
    }

    [Fact]
    public async Task A_deleted_stream_takes_events_again_when_it_is_undeleted()
    {
        await bank.SaveAsync(events => events.DeleteStream(Id, ExpectedVersion.Exactly(3)));
        var refusal = await Should.ThrowAsync<StreamDeletedException>(() => bank.AppendAsync(Id, new NoteTaken("c")));
        refusal.IsTombstoned.ShouldBeFalse();
        await Should.ThrowAsync<StreamDeletedException>(() => bank.SaveAsync(events => events.DeleteStream(Id)));

        await bank.SaveAsync(events => events.UndeleteStream(Id));

        (await bank.AppendAsync(Id, new NoteTaken("c"))).Streams[Id].Version.ShouldBe(4);
        (await bank.FetchAsync(Id)).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Deleting_at_another_version_than_expected_is_refused()
    {
        var refusal = await Should.ThrowAsync<StreamVersionConflictException>(
            () => bank.SaveAsync(events => events.DeleteStream(Id, ExpectedVersion.Exactly(2))));
        refusal.Actual.ShouldBe(3);
        (await StateAsync()).ShouldBe((short)0);
    }

    [Fact]
    public async Task A_tombstoned_stream_loses_its_events_and_its_name_for_ever()
    {
        await bank.SaveAsync(events => events.TombstoneStream(Id));

        (await CountAsync("events")).ShouldBe(0);
        (await Should.ThrowAsync<StreamDeletedException>(
            () => bank.SaveAsync(events => events.StartStream(Id, new NoteTaken("new"))))).IsTombstoned
            .ShouldBeTrue();
        (await Should.ThrowAsync<StreamDeletedException>(() => bank.SaveAsync(events => events.UndeleteStream(Id)))).IsTombstoned
            .ShouldBeTrue();
        (await LoadAccountAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_hard_deleted_stream_may_be_started_again()
    {
        (await LoadAccountAsync()).ShouldNotBeNull();
        await bank.SaveAsync(events => events.HardDeleteStream(Id));

        (await CountAsync("events")).ShouldBe(0);
        (await LoadAccountAsync()).ShouldBeNull();
        (await bank.SaveAsync(events => events.StartStream(Id, new NoteTaken("new")))).Streams[Id].Version.ShouldBe(1);
    }

    [Fact]
    public async Task Hard_deleting_is_refused_at_the_call_unless_the_option_allows_it()
    {
        await using var store = bank.CreateStore(options => options.Events.AllowHardDelete = false);
        await using var session = store.OpenSession();
        Should.Throw<InvalidOperationException>(() => session.Events.HardDeleteStream(Id));
    }

    [Fact]
    public async Task Truncating_beyond_the_end_is_refused_but_truncating_up_to_it_is_not()
    {
        var refusal = await Should.ThrowAsync<StreamTruncationException>(() => bank.SaveAsync(events => events.TruncateStream(Id, 5)));
        (refusal.StreamId, refusal.BeforeVersion, refusal.Actual).ShouldBe((Id, 5, 3));
        await bank.SaveAsync(events => events.TruncateStream(Id, 4));
        (await bank.AppendAsync(Id, new NoteTaken("c"))).Streams[Id].Version.ShouldBe(4);
    }

    [Fact]
    public async Task The_refused_one_of_two_truncations_is_named()
    {
        (await Should.ThrowAsync<StreamTruncationException>(() => bank.SaveAsync(events =>
        {
            events.TruncateStream(Id, 2);
            events.TruncateStream(Id, 500);
        }))).BeforeVersion.ShouldBe(500);
        (await Should.ThrowAsync<StreamTruncationException>(() => bank.SaveAsync(events =>
        {
            events.TruncateStream(Id, 2);
            events.CompactStream(Id, 400, new NoteTaken("all"));
        }))).BeforeVersion.ShouldBe(400);
    }

    [Fact]
    public async Task Truncating_less_than_before_changes_nothing()
    {
        await bank.SaveAsync(events => events.TruncateStream(Id, 3));
        await bank.SaveAsync(events => events.TruncateStream(Id, 2));
        (await bank.ExecuteAsync($"select truncated_before from {{schema}}.streams where id = '{Id}'")).ShouldBe(3L);
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("unarchive")]
    [InlineData("delete")]
    [InlineData("undelete")]
    [InlineData("tombstone")]
    [InlineData("hard-delete")]
    [InlineData("truncate")]
    public async Task A_stream_that_does_not_exist_is_not_found(string verb)
    {
        StreamId missing = $"missing-{Id}";
        (await Should.ThrowAsync<StreamNotFoundException>(() => bank.SaveAsync(events => Change(events, missing, verb)))).StreamId.ShouldBe(
            missing);
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.streams where id = '{missing}'")).ShouldBe(0L);
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("delete")]
    [InlineData("tombstone")]
    [InlineData("hard-delete")]
    public async Task A_stream_of_another_tenant_is_not_touched(string verb)
    {
        await using var session = bank.Store.OpenSession("elsewhere");
        Change(session.Events, Id, verb);
        await Should.ThrowAsync<StreamNotFoundException>(() => session.SaveChangesAsync(TestContext.Current.CancellationToken));
        (await bank.FetchAsync(Id)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Each_change_is_written_to_the_audit()
    {
        await bank.SaveAsync(events => events.ArchiveStream(Id));
        await bank.SaveAsync(events => events.TombstoneStream(Id));

        (await bank.ExecuteAsync(
            $"select string_agg(verb || ' ' || (detail->>'removed'), ', ' order by key) from {{schema}}.audit where stream = '{Id}'"))
            .ShouldBe("archive 0, tombstone 3");
    }

    private static void Change(IEventOperations events, StreamId id, string verb)
    {
        switch (verb)
        {
            case "archive": events.ArchiveStream(id); break;
            case "unarchive": events.UnarchiveStream(id); break;
            case "delete": events.DeleteStream(id); break;
            case "undelete": events.UndeleteStream(id); break;
            case "tombstone": events.TombstoneStream(id); break;
            case "hard-delete": events.HardDeleteStream(id); break;
            default: events.TruncateStream(id, 1); break;
        }
    }

    private async Task<Account?> LoadAccountAsync()
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.LoadAsync<Account>(_guid, TestContext.Current.CancellationToken);
    }

    private async Task<short> StateAsync() => (short)(await bank.ExecuteAsync($"select state from {{schema}}.streams where id = '{Id}'"))!;

    private async Task<long> VersionAsync() =>
        (long)(await bank.ExecuteAsync($"select version from {{schema}}.streams where id = '{Id}'"))!;

    private async Task<long> CountAsync(string table) => (long)(await bank.ExecuteAsync(
        $"select count(*) from {{schema}}.{table} t join {{schema}}.streams s on s.key = t.stream where s.id = '{Id}'"))!;
}
