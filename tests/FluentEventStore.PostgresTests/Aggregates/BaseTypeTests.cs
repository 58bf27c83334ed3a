using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Aggregates;

/// <summary>An aggregate whose methods take base types and interfaces of events.</summary>
public abstract class BaseTypeTests(BankStore bank)
{
    private readonly Guid _id = Guid.NewGuid();

    [Fact]
    public async Task Each_event_reaches_the_method_for_its_most_derived_type()
    {
        await AppendAsync(new TillOpened("Ada"), new CashTaken("Ada", 10m), new CashDropped(4m), new TillLocked("Bob"));
        (await FetchAsync()).ShouldBe(new Till(_id, 6m, "begun by Ada, Ada took 10, 4 gone at 3, Bob"));
    }

    [Fact]
    public async Task Events_in_an_old_shape_and_of_a_former_name_are_folded_as_what_they_are_read_as()
    {
        await AppendAsync(new CashTaken("Ada", 1m));
        await AppendAsync(new CashTakenV1(2m), new CashDropped(1m));
        await bank.TamperAsync(
            $"update {{schema}}.events set type = 'cash-received' where version = 1 and type = 'cash-taken' "
                + $"and stream = (select key from {{schema}}.streams where id = '{_id}')");

        await AppendAsync(new CashTaken("Cid", 3m));
        (await FetchAsync())!.Cash.ShouldBe(4m);
        (await FetchAsync())!.Log.ShouldBe("begun by Ada, somebody took 2, 1 gone at 3, Cid took 3");
    }

    [Fact]
    public async Task A_decision_rests_on_them()
    {
        await AppendAsync(new TillLocked("Ada"), new CashDropped(1m));
        await using var session = bank.Store.OpenSession();
        var stream = await session.Events.FetchForWritingAsync<Till>(_id, cancellationToken: TestContext.Current.CancellationToken);
        stream.Aggregate!.Cash.ShouldBe(-1m);
        stream.Append(new CashDropped(2m));
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);

        (await FetchAsync())!.Cash.ShouldBe(-3m);
    }

    private Task<Commit> AppendAsync(params object[] events) => bank.AppendAsync(_id, events);

    private async Task<Till?> FetchAsync()
    {
        await using var session = bank.Store.OpenQuerySession();
        return await session.Events.FetchLatestAsync<Till>(_id, TestContext.Current.CancellationToken);
    }
}
