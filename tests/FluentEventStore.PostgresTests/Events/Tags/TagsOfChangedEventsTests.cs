using System.Text;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

/// <summary>What becomes of tags when events are replaced, masked or removed.</summary>
public sealed class TagsOfChangedEventsTests(LifeCycleStore bank) : IClassFixture<LifeCycleStore>
{
    private readonly string _course = $"c{Guid.NewGuid():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_replacement_has_its_own_tags_and_none_of_what_it_replaces()
    {
        var student = new StudentId(Guid.NewGuid());
        await bank.AppendAsync(
            _course, new CourseOffered("old" + _course, 1), new NoteTaken("x"), new StudentEnrolled("old" + _course, student));

        await bank.SaveAsync(
            events => events.CompactStream(_course, 3, new CourseOffered(_course, 5), new Tag("by", _course), new Tag("course", _course)));

        (await FetchAsync(TagQuery.Tagged("course", _course))).ShouldHaveSingleItem().Data.ShouldBe(new CourseOffered(_course, 5));
        (await FetchAsync(TagQuery.Tagged("by", _course))).ShouldHaveSingleItem();
        (await FetchAsync(TagQuery.Tagged("course", "old" + _course))).ShouldBeEmpty();
        (await TagsAsync("event_tags")).ShouldBe($"by:{_course} course:{_course}");
        (await TagsAsync("tag_heads")).ShouldBe($"by:{_course} course:{_course}");
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.tag_heads where tag = 'student:{student.Value}'")).ShouldBe(0L);
    }

    [Fact]
    public async Task An_object_that_is_changed_before_it_is_saved_has_the_tags_of_what_is_stored()
    {
        var (label, person, replacement) = (
            new Label { Course = "old" },
            new NamedLabel { Course = "old", PersonId = Guid.NewGuid(), Name = "Ada" },
            new Label { Course = "old" });
        await bank.AppendAsync($"{_course}-3", new NoteTaken("x"));
        await using var session = bank.Store.OpenSession();
        session.Events.Append($"{_course}-1", label).WithTag("by", _course);
        session.Events.Append($"{_course}-2", person);
        session.Events.CompactStream($"{_course}-3", 1, replacement);
        (label.Course, person.Course, replacement.Course) = (_course, _course, _course);
        await session.SaveChangesAsync(Cancellation);

        (await FetchAsync(TagQuery.Tagged("course", _course))).Select(static e => e.Data).ShouldBe(
            [replacement, label, person], ignoreOrder: true);
        (await FetchAsync(TagQuery.Tagged("by", _course))).ShouldHaveSingleItem().Data.ShouldBe(label);
        (await bank.ExecuteAsync(
            "select count(*) from {schema}.event_tags t join {schema}.events e using (position) "
                + $"join {{schema}}.streams s on s.key = e.stream where s.id ^@ '{_course}' and t.tag = 'course:old'"))
            .ShouldBe(0L);
    }

    [Fact]
    public async Task An_object_whose_tag_becomes_invalid_is_refused_when_it_is_saved()
    {
        var label = new Label { Course = "old" };
        await using var session = bank.Store.OpenSession();
        session.Events.Append(_course, label);
        label.Course = "\0";

        (await Should.ThrowAsync<EventSerializationException>(() => session.SaveChangesAsync(Cancellation))).StreamId.ShouldBe(_course);
        label.Course = _course;
        await session.SaveChangesAsync(Cancellation);
        (await FetchAsync(TagQuery.Tagged("course", _course))).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("hard delete")]
    [InlineData("tombstone")]
    [InlineData("compact")]
    public async Task A_tag_that_a_unit_removes_from_its_last_event_and_later_gives_again_keeps_its_head(string taking)
    {
        var (taken, given) = ($"{_course}-taken", $"{_course}-given");
        await bank.AppendAsync(taken, new CourseOffered(_course, 1));
        await bank.AppendAsync(given, new NoteTaken("x"));

        await bank.SaveAsync(events =>
        {
            switch (taking)
            {
                case "hard delete": events.HardDeleteStream(taken); break;
                case "tombstone": events.TombstoneStream(taken); break;
                default: events.CompactStream(taken, 1, new NoteTaken("y")); break;
            }

            events.CompactStream(given, 1, new CourseOffered(_course, 2));
        });

        (await TagsAsync("event_tags")).ShouldBe($"course:{_course}");
        (await TagsAsync("tag_heads")).ShouldBe($"course:{_course}");
    }

    [Fact]
    public async Task An_invalid_tag_is_refused_at_the_call_of_a_compaction()
    {
        await using var session = bank.Store.OpenSession();
        Should.Throw<ArgumentException>(() => session.Events.CompactStream(_course, 1, new NoteTaken("x"), default(Tag)));
        (await session.SaveChangesAsync(Cancellation)).ShouldBe(Commit.WithoutEvents);
    }

    [Fact]
    public async Task A_compaction_that_gives_a_tag_waits_for_its_holder_before_it_locks_a_stream()
    {
        await bank.AppendAsync(_course, new NoteTaken("offered on paper"));
        await using var blocker = new NpgsqlConnection(bank.ConnectionString);
        await blocker.OpenAsync(Cancellation);
        await using var transaction = await blocker.BeginTransactionAsync(Cancellation);
        await using var hold = new NpgsqlCommand(
            $"insert into {bank.Schema}.tag_heads (tenant, tag, position) values ('default', 'course:{_course}', 0)", blocker, transaction);
        await hold.ExecuteNonQueryAsync(Cancellation);

        var compaction = bank.SaveAsync(events => events.CompactStream(_course, 1, new CourseOffered(_course, 1)));
        await Eventually.BecomesTrueAsync(
            async () => (long)(await bank.ExecuteAsync(
                "select count(*) from pg_stat_activity "
                    + $"where wait_event_type = 'Lock' and query like '%{bank.Schema}%enter_boundary%'"))! > 0,
            "the compaction waits");
        (await bank.AppendAsync(_course, new NoteTaken("the stream is free"))).Position.ShouldBePositive();
        await transaction.RollbackAsync(Cancellation);
        await compaction;

        (await FetchAsync(TagQuery.Tagged("course", _course))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_tag_of_a_property_is_masked_with_it_and_one_that_was_given_by_hand_stays()
    {
        var student = new StudentId(Guid.NewGuid());
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.Append(_course, new StudentEnrolled("secret" + _course, student)).WithTag("by", _course);
            await session.SaveChangesAsync(Cancellation);
        }

        await using var store = bank.CreateStore(
            options => options.Privacy.Mask<StudentEnrolled>(e => e with { Course = "masked" + _course }));
        (await store.Privacy.MaskAsync(_course, cancellationToken: Cancellation)).ShouldBe(new MaskReport(1, 1));

        (await TagsAsync("event_tags")).ShouldBe($"by:{_course} course:masked{_course}");
        (await TagsAsync("tag_heads")).ShouldBe($"by:{_course} course:masked{_course}");
        (await FetchAsync(TagQuery.Tagged("course", "masked" + _course).And(new Tag("student", student.Value)))).ShouldHaveSingleItem();
        using var exported = new MemoryStream();
        await bank.Store.Transfer.ExportAsync(exported, cancellationToken: Cancellation);
        Encoding.UTF8.GetString(exported.ToArray()).ShouldNotContain("secret" + _course);
        (await store.Privacy.MaskAsync(_course, cancellationToken: Cancellation)).ShouldBe(new MaskReport(1, 0));
    }

    [Fact]
    public async Task A_mask_that_leads_to_an_invalid_tag_says_which_event_and_changes_nothing()
    {
        await bank.AppendAsync(_course, new CourseOffered(_course, 1));
        await using var store = bank.CreateStore(options => options.Privacy.Mask<CourseOffered>(static e => e with { Course = "" }));

        (await Should.ThrowAsync<EventMaskException>(() => store.Privacy.MaskAsync(_course, cancellationToken: Cancellation))).Version
            .ShouldBe(1);

        (await TagsAsync("event_tags")).ShouldBe($"course:{_course}");
    }

    [Fact]
    public async Task An_old_shape_is_tagged_by_its_properties_and_masked_with_them()
    {
        await bank.AppendAsync(_course, new SeatReservedV1("row-" + _course, "secret" + _course));
        (await TagsAsync("event_tags")).ShouldBe($"guest:secret{_course} row:row-{_course}");

        await using var store = bank.CreateStore(
            static options => options.Privacy.Mask<SeatReserved>(static e => e with { Guest = "***" }));
        await store.Privacy.MaskAsync(_course, cancellationToken: Cancellation);

        (await TagsAsync("event_tags")).ShouldBe($"row:row-{_course}");
    }

    [Theory]
    [InlineData("tombstone")]
    [InlineData("hard delete")]
    [InlineData("compact")]
    [InlineData("scrub")]
    public async Task Removed_events_take_their_tags_with_them_and_leave_those_of_others(string verb)
    {
        await bank.AppendAsync($"other-{_course}", new CourseOffered($"shared-{_course}", 1));
        await bank.AppendAsync(_course, new CourseOffered(_course, 1), new CourseOffered($"shared-{_course}", 1), new NoteTaken("last"));
        await using (var elsewhere = bank.Store.OpenSession("elsewhere"))
        {
            elsewhere.Events.Append(_course, new CourseOffered(_course, 1));
            await elsewhere.SaveChangesAsync(Cancellation);
        }

        await bank.SaveAsync(events =>
        {
            switch (verb)
            {
                case "tombstone": events.TombstoneStream(_course); break;
                case "hard delete": events.HardDeleteStream(_course); break;
                case "compact": events.CompactStream(_course, 3, new NoteTaken("all")); break;
                default: events.TruncateStream(_course, 3); break;
            }
        });
        if (verb == "scrub")
            await bank.Store.ScrubAsync(cancellationToken: Cancellation);

        (await TagsAsync("tag_heads")).ShouldBe($"course:shared-{_course}");
        (await TagsAsync("event_tags")).ShouldBe($"course:shared-{_course}");
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.tag_heads where tenant = 'elsewhere' and tag = 'course:{_course}'"))
            .ShouldBe(1L);
    }

    [Fact]
    public async Task A_removal_does_not_wait_for_a_head_that_is_held_and_the_next_scrub_removes_the_head()
    {
        await bank.AppendAsync(_course, new CourseOffered(_course, 1));
        await using var session = bank.Store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("nothing", _course), Cancellation);
        boundary.Enforce();
        await session.SaveChangesAsync(Cancellation);
        await using (var holder = new NpgsqlConnection(bank.ConnectionString))
        {
            await holder.OpenAsync(Cancellation);
            await using var transaction = await holder.BeginTransactionAsync(Cancellation);
            await using var hold = new NpgsqlCommand(
                $"select from {bank.Schema}.tag_heads where tag = 'course:{_course}' for update", holder, transaction);
            await hold.ExecuteNonQueryAsync(Cancellation);
            await bank.SaveAsync(events => events.TombstoneStream(_course));
        }

        (await TagsAsync("tag_heads")).ShouldBe($"course:{_course} nothing:{_course}");
        await bank.Store.ScrubAsync(cancellationToken: Cancellation);
        (await TagsAsync("tag_heads")).ShouldBeNull();
    }

    [Fact]
    public async Task Decisions_appends_and_removals_over_the_same_tags_do_not_deadlock_and_lose_no_head()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(
            async () =>
            {
                for (var round = 0; round < 15; round++)
                {
                    StreamId id = $"{_course}-{writer}-{round}";
                    await bank.SaveAsync(events => events
                        .Append(id, new NoteTaken("1"), new NoteTaken("2"))
                        .WithTag("a", _course).WithTag("b", _course).WithTag(new Tag($"own{round}", _course)));
                    if (round % 2 == 0)
                        await bank.SaveAsync(
                            events => events.CompactStream(id, 2, new NoteTaken("12"), new Tag("b", _course), new Tag("c", _course)));
                    if (round % 5 > 0)
                        await bank.SaveAsync(events => events.HardDeleteStream(id));
                    if (round % 7 == 0)
                        await bank.Store.ScrubAsync(cancellationToken: Cancellation);
                }
            },
            Cancellation)));

        await bank.Store.ScrubAsync(cancellationToken: Cancellation);
        (await bank.ExecuteAsync($$"""
            select count(*)
            from (select tenant, tag from {schema}.tag_heads) h
            full join (select distinct tenant, tag from {schema}.event_tags) t using (tenant, tag)
            where (h.* is null or t.* is null) and tag like '%{{_course}}'
            """)).ShouldBe(0L);
    }

    private async Task<IReadOnlyList<IEvent>> FetchAsync(TagQuery query)
    {
        await using var session = bank.Store.OpenSession();
        return (await session.Events.FetchForWritingAsync<Enrolment>(query, Cancellation)).Events;
    }

    private async Task<string?> TagsAsync(string table) => await bank.ExecuteAsync(
        $"select string_agg(tag, ' ' order by tag) from {{schema}}.{table} where tenant = 'default' and tag like '%{_course}' and tag not "
            + "like 'student:%'") as string;
}
