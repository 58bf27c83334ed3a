using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Sessions;

public sealed class SessionOptionsTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_options_say_of_a_unit_is_written_with_its_events_until_the_session_says_otherwise()
    {
        var options = Options();
        await using var session = bank.Store.OpenSession(options);
        options.CorrelationId = "changed later";
        (session.CorrelationId, session.CausationId, session.UserName).ShouldBe(("request", "command", "ada"));

        session.Events.Append(_id, new NoteTaken("a"));
        await session.SaveChangesAsync(Token);
        (session.CorrelationId, session.CausationId, session.UserName) = ("other", null, "bob");
        session.Events.Append(_id, new NoteTaken("b"));
        await session.SaveChangesAsync(Token);

        (await bank.FetchAsync(_id)).Select(static e => (e.CorrelationId, e.CausationId, e.UserName))
            .ShouldBe([("request", "command", "ada"), ("other", null, "bob")]);
    }

    [Fact]
    public async Task Each_attempt_of_an_execution_gets_what_the_options_said_at_the_call()
    {
        await bank.AppendAsync(_id, new CashTaken("Ada", 1m));
        var options = Options();
        var attempts = 0;

        await bank.Store.ExecuteAsync<Till>(
            _id,
            async (_, _) =>
            {
                options.UserName = "changed later";
                if (++attempts == 1)
                    await bank.AppendAsync(_id, new CashTaken("Bob", 1m));

                return [new TillLocked("Eve")];
            },
            options,
            Token);

        attempts.ShouldBe(2);
        var written = (await bank.FetchAsync(_id))[^1];
        written.Data.ShouldBe(new TillLocked("Eve"));
        (written.CorrelationId, written.CausationId, written.UserName).ShouldBe(("request", "command", "ada"));
    }

    [Fact]
    public async Task Each_save_that_wrote_something_is_told_and_no_other()
    {
        List<Commit> told = [];
        await using var session = bank.Store.OpenSession(new SessionOptions { Saved = told.Add });
        await session.SaveChangesAsync(Token);
        told.ShouldBeEmpty();

        session.Events.Append(_id, new NoteTaken("a"));
        var events = await session.SaveChangesAsync(Token);
        session.Store(new Customer { Id = Guid.NewGuid(), Name = "Ada" });
        await session.SaveChangesUntilKnownAsync(TimeSpan.FromSeconds(30), Token);
        session.Events.Append(_id, ExpectedVersion.Exactly(7), new NoteTaken("b"));
        await Should.ThrowAsync<StreamVersionConflictException>(() => session.SaveChangesAsync(Token));

        told.Count.ShouldBe(2);
        told[0].ShouldBeSameAs(events);
    }

    [Fact]
    public async Task A_session_that_is_disposed_with_changes_that_nobody_saved_tells_so_once()
    {
        var told = 0;
        var options = new SessionOptions { Abandoned = () => told++ };
        await using (var saved = bank.Store.OpenSession(options))
        {
            saved.Events.Append(_id, new NoteTaken("a"));
            await saved.SaveChangesAsync(Token);
        }

        await using (var emptied = bank.Store.OpenSession(options))
        {
            emptied.Events.Append(_id, new NoteTaken("b"));
            emptied.EjectAllPendingChanges();
        }

        told.ShouldBe(0);
        var abandoned = bank.Store.OpenSession(options);
        abandoned.Store(new Customer { Id = Guid.NewGuid(), Name = "Ada" });
        await abandoned.DisposeAsync();
        await abandoned.DisposeAsync();

        told.ShouldBe(1);
    }

    [Fact]
    public async Task An_execution_tells_of_its_save_once_however_often_it_decides()
    {
        await bank.AppendAsync(_id, new CashTaken("Ada", 1m));
        List<Commit> told = [];
        var attempts = 0;

        var commit = await bank.Store.ExecuteAsync<Till>(
            _id,
            async (_, _) =>
            {
                if (++attempts == 1)
                    await bank.AppendAsync(_id, new CashTaken("Bob", 1m));

                return [new TillLocked("Eve")];
            },
            new SessionOptions { Saved = told.Add },
            Token);

        attempts.ShouldBe(2);
        told.ShouldBe([commit]);
    }

    [Fact]
    public void A_text_that_cannot_be_kept_is_refused_where_it_is_set()
    {
        foreach (var text in (string[])["nul \0", "lone \ud800", new('x', 8_001)])
        {
            var options = Options();
            Should.Throw<ArgumentException>(() => options.CorrelationId = text).ParamName.ShouldBe("CorrelationId");
            Should.Throw<ArgumentException>(() => options.CausationId = text).ParamName.ShouldBe("CausationId");
            Should.Throw<ArgumentException>(() => options.UserName = text).ParamName.ShouldBe("UserName");
            (options.CorrelationId, options.CausationId, options.UserName).ShouldBe(("request", "command", "ada"));
        }
    }

    private static SessionOptions Options() => new() { CorrelationId = "request", CausationId = "command", UserName = "ada" };
}
