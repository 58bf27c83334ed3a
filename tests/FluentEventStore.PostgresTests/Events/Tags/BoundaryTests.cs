using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Events;

public sealed class BoundaryTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly string _course = $"c{Guid.NewGuid():N}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TagQuery OfCourse => TagQuery.Tagged("course", _course);

    [Fact]
    public async Task Events_of_all_streams_that_have_the_tag_are_folded_in_their_order()
    {
        await OfferAsync(3);
        await EnrolAsync();
        await EnrolAsync();

        await using var session = bank.Store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation);

        boundary.Aggregate.ShouldBe(new Enrolment(3, 2));
        boundary.Events.Select(static e => e.TypeName).ShouldBe(["course-offered", "student-enrolled", "student-enrolled"]);
        boundary.Events.Select(static e => e.StreamId).ShouldBeUnique();
    }

    [Fact]
    public async Task No_more_of_many_decisions_on_one_boundary_succeed_at_once_than_the_decision_allows()
    {
        await OfferAsync(3);

        var enrolled = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(EnrolAsync, Cancellation)));

        enrolled.Count(static won => won).ShouldBe(3);
        await using var session = bank.Store.OpenSession();
        (await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation)).Aggregate.ShouldBe(new Enrolment(3, 3));
    }

    [Fact]
    public async Task A_decision_on_outdated_events_is_refused_with_the_position_and_nothing_is_written()
    {
        await OfferAsync(3);
        await using var session = bank.Store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation);
        boundary.Append(_course + "-late", new StudentEnrolled(_course, new StudentId(Guid.NewGuid())));
        session.Store(new Branch(_course, "street"));
        await EnrolAsync();

        var conflict = await Should.ThrowAsync<BoundaryConflictException>(() => session.SaveChangesAsync(Cancellation));

        conflict.Query.ShouldBe($"course:{_course}");
        conflict.Position.ShouldBeGreaterThan(boundary.Events[^1].Position);
        (await bank.FetchAsync(_course + "-late")).ShouldBeEmpty();
        (await session.LoadAsync<Branch>(_course, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task An_empty_boundary_is_guarded_too()
    {
        await using var one = bank.Store.OpenSession();
        await using var other = bank.Store.OpenSession();
        foreach (var session in new[] { one, other })
        {
            var boundary = await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation);
            boundary.Aggregate.ShouldBeNull();
            boundary.Append($"{_course}-{Guid.NewGuid()}", new CourseOffered(_course, 1));
        }

        await one.SaveChangesAsync(Cancellation);
        await Should.ThrowAsync<BoundaryConflictException>(() => other.SaveChangesAsync(Cancellation));
    }

    [Fact]
    public async Task Events_of_other_types_and_with_fewer_tags_are_not_a_conflict()
    {
        var student = new StudentId(Guid.NewGuid());
        await OfferAsync(3);
        await using var session = bank.Store.OpenSession();
        var query = OfCourse.And(new Tag("student", student.Value)).OfType<StudentEnrolled>();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(query, Cancellation);
        boundary.Events.ShouldBeEmpty();
        await OfferAsync(4);
        await EnrolAsync();

        boundary.Append($"{_course}-own", new StudentEnrolled(_course, student));
        await session.SaveChangesAsync(Cancellation);

        (await session.Events.FetchForWritingAsync<Enrolment>(query, Cancellation)).Events.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_query_that_another_one_extends_still_guards_what_it_asked_for(bool isMadeAfterTheFetch)
    {
        await OfferAsync(1);
        var student = new Tag("student", Guid.NewGuid());
        var query = OfCourse;
        var ofStudent = isMadeAfterTheFetch ? null : query.And(student);
        await using var session = bank.Store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(query, Cancellation);
        boundary.Aggregate!.Taken.ShouldBe(0);
        ofStudent ??= query.And(student).OfType<StudentEnrolled>().Or(new Tag("student", "another"));
        (await session.Events.FetchForWritingAsync<Enrolment>(ofStudent, Cancellation)).Events.ShouldBeEmpty();
        (await EnrolAsync()).ShouldBeTrue();

        boundary.Append($"{_course}-own", new StudentEnrolled(_course, new StudentId(Guid.NewGuid())));
        await Should.ThrowAsync<BoundaryConflictException>(() => session.SaveChangesAsync(Cancellation));
        query.ToString().ShouldBe($"course:{_course}");
    }

    [Fact]
    public async Task Each_clause_is_guarded()
    {
        var other = _course + "x";
        await OfferAsync(1);
        await using var session = bank.Store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(
            OfCourse.OfType<CourseOffered>().Or(new Tag("course", other)), Cancellation);
        boundary.Append($"{_course}-own", new NoteTaken("both"));
        await bank.AppendAsync($"{_course}-other", new CourseOffered(other, 5));

        (await Should.ThrowAsync<BoundaryConflictException>(() => session.SaveChangesAsync(Cancellation)))
            .Query.ShouldBe($"course:{_course} of course-offered or course:{other}");
    }

    [Fact]
    public async Task A_tag_that_was_added_by_hand_counts_like_one_of_a_property()
    {
        await using (var session = bank.Store.OpenSession())
        {
            session.Events.Append(_course, new NoteTaken("a")).WithTag("course", _course);
            await session.SaveChangesAsync(Cancellation);
        }

        await using var reader = bank.Store.OpenSession();
        (await reader.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation)).Events
            .ShouldHaveSingleItem().Data
            .ShouldBe(new NoteTaken("a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_imported_event_has_the_tags_of_its_properties_and_conflicts_with_a_decision_that_did_not_know_it(bool isKnown)
    {
        await OfferAsync(3);
        await using var session = bank.Store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation);
        var student = new StudentId(Guid.NewGuid());
        var imported = new ImportedEvent(student, 1, new StudentEnrolled(_course, student))
        {
            Id = Guid.NewGuid(),
            Timestamp = DateTimeOffset.UtcNow,
            Tags = [new Tag("course", _course), new Tag("source", _course)],
        };
        await bank.Store.Transfer.ImportAsync(new[] { imported }.ToAsyncEnumerable(), cancellationToken: Cancellation);
        if (isKnown)
            boundary = await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation);

        boundary.Append($"{_course}-own", new StudentEnrolled(_course, new StudentId(Guid.NewGuid())));
        if (isKnown)
            await session.SaveChangesAsync(Cancellation);
        else
            await Should.ThrowAsync<BoundaryConflictException>(() => session.SaveChangesAsync(Cancellation));

        (await bank.ExecuteAsync(
            "select string_agg(tag, ' ' order by tag) from {schema}.event_tags "
                + $"where position = (select position from {{schema}}.events where id = '{imported.Id}')"))
            .ShouldBe($"course:{_course} source:{_course} student:{student.Value}");
    }

    [Fact]
    public async Task Tenants_do_not_see_each_others_tags()
    {
        await OfferAsync(1);
        await using var session = bank.Store.OpenSession("elsewhere");
        (await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation)).Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(TcpProxy.Break.BeforeTheServerGetsIt)]
    [InlineData(TcpProxy.Break.BeforeTheClientGetsTheAnswer)]
    public async Task A_decision_whose_outcome_is_unknown_is_written_once_when_it_is_saved_again(TcpProxy.Break when)
    {
        await OfferAsync(3);
        await using var proxy = new TcpProxy(bank.ConnectionString);
        await using var store = bank.CreateStore(options => options.Connection(proxy.ConnectionString + ";Maximum Pool Size=1"));
        await BankStore.WriteOnceAsync(store);
        await using var session = store.OpenSession();
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation);
        boundary.Append($"{_course}-own", new StudentEnrolled(_course, new StudentId(Guid.NewGuid())));

        proxy.BreakNext(when);
        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => session.SaveChangesAsync());
        var commit = await session.SaveChangesAsync(Cancellation);

        commit.Streams[$"{_course}-own"].Version.ShouldBe(1);
        (await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation)).Aggregate.ShouldBe(new Enrolment(3, 1));
    }

    [Fact]
    public async Task Many_decisions_over_overlapping_tags_in_any_order_do_not_deadlock()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var orders = Enumerable.Range(0, 40).Select(_ => Enumerable.Range(0, 6).OrderBy(_ => random.Next()).Take(4).ToList()).ToList();

        await Task.WhenAll(orders.Select((tags, number) => Task.Run(
            async () =>
            {
                await using var session = bank.Store.OpenSession();
                var pending = session.Events.Append($"{_course}-{number}", new NoteTaken("x"));
                foreach (var tag in tags)
                    pending.WithTag("course", $"{_course}-{tag}");
                await session.SaveChangesAsync(Cancellation);
            },
            Cancellation)));

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.event_tags where tag like 'course:{_course}-%'")).ShouldBe(160L);
    }

    [Fact]
    public async Task An_event_has_as_many_tags_as_it_is_given_each_once()
    {
        await using var session = bank.Store.OpenSession();
        var pending = session.Events.Append(_course, new CourseOffered(_course, 1)).WithTag("course", _course);

        // A search for each tag among all that came before would not end here.
        for (var number = 0; number < 100_000; number++)
            pending.WithTag(new Tag(_course, number)).WithTag(new Tag(_course, number / 2));
        await session.SaveChangesAsync(Cancellation);

        (await bank.ExecuteAsync($"select count(*) from {{schema}}.event_tags where tag like '{_course}:%'")).ShouldBe(100_000L);
        (await bank.ExecuteAsync($"select count(*) from {{schema}}.event_tags where tag = 'course:{_course}'")).ShouldBe(1L);
    }

    [Fact]
    public async Task An_invalid_tag_is_refused_at_the_call()
    {
        await using var session = bank.Store.OpenSession();
        var pending = session.Events.Append(_course, new NoteTaken("a"));
        Should.Throw<ArgumentException>(() => pending.WithTag(default));
        Should.Throw<ArgumentException>(() => pending.WithTag("a:b", "c"));
        Should.Throw<ArgumentException>(() => pending.WithTag("a", ""));
        Should.Throw<ArgumentException>(() => pending.WithTag("a", new string('x', 250)));
        Should.Throw<ArgumentException>(() => session.Events.Append(_course, new CourseOffered("", 1)));
    }

    private Task<Commit> OfferAsync(int places) => bank.AppendAsync($"offer-{_course}-{places}", new CourseOffered(_course, places));

    /// <summary>Enrols a student if a place is free; tries again if somebody was faster.</summary>
    private async Task<bool> EnrolAsync()
    {
        while (true)
        {
            await using var session = bank.Store.OpenSession();
            var boundary = await session.Events.FetchForWritingAsync<Enrolment>(OfCourse, Cancellation);
            if (boundary.Aggregate is null || boundary.Aggregate.Taken == boundary.Aggregate.Places)
                return false;

            var student = new StudentId(Guid.NewGuid());
            boundary.Append(student, new StudentEnrolled(_course, student));
            try
            {
                await session.SaveChangesAsync(Cancellation);
                return true;
            }
            catch (BoundaryConflictException)
            {
            }
        }
    }
}
