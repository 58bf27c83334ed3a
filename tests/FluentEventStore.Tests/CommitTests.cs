namespace FluentEventStore.Tests;

public sealed class CommitTests
{
    [Fact]
    public void A_commit_that_a_test_makes_keeps_what_it_was_given()
    {
        var streams = new Dictionary<StreamId, StreamCommit> { ["a"] = new(1, 2) };
        var commit = new Commit(7, streams);
        streams["b"] = new(1, 1);

        commit.Position.ShouldBe(7);
        commit.Streams.ShouldHaveSingleItem().ShouldBe(new("a", new StreamCommit(1, 2)));
        Should.Throw<ArgumentNullException>(() => new Commit(7, null!)).ParamName.ShouldBe("streams");
    }

    [Fact]
    public void The_events_of_a_replaced_session_take_what_they_are_given_and_do_nothing()
    {
        var pending = default(PendingEvents);

        pending.WithEventId(Guid.NewGuid())
            .WithEventIds([Guid.NewGuid(), Guid.NewGuid()])
            .WithHeader("a", "b")
            .WithTag("c", "d")
            .ShouldBe(pending);
        Should.Throw<ArgumentException>(() => pending.WithEventId(Guid.Empty));
    }

    [Fact]
    public void A_duplicate_error_names_one_id_or_more() =>
        Should.Throw<ArgumentException>(() => new DuplicateEventException([])).ParamName.ShouldBe("eventIds");
}
