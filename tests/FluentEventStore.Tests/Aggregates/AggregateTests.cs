using FluentEventStore.Aggregates;
using FluentEventStore.Serialization;
using FluentEventStore.Tests.Serialization;

namespace FluentEventStore.Tests.Aggregates;

public sealed class AggregateTests
{
    private static readonly Guid Id = Guid.Parse("0197a7b0-1111-7222-8333-444455556666");
    private static readonly AccountOpened Opened = new(Id, "Ada", null);

    [Fact]
    public void A_record_is_created_changed_and_deleted_by_its_events()
    {
        Fold<Account>(Opened, new MoneyDeposited(5), new MoneyWithdrawn(2)).ShouldBe(new Account(Id, "Ada", 3m));
        Fold<Account>(Opened, new AccountClosed("mistake")).ShouldNotBeNull();
        Fold<Account>(Opened, new AccountClosed("bored")).ShouldBeNull();
    }

    [Fact]
    public void Events_after_a_deletion_are_ignored_until_one_creates_the_aggregate_again()
    {
        Fold<Account>(Opened, new AccountClosed("bored"), new MoneyDeposited(5)).ShouldBeNull();
        Fold<Account>(Opened, new AccountClosed("bored"), new MoneyDeposited(5), Opened).ShouldBe(new Account(Id, "Ada", 0m));
    }

    [Fact]
    public void A_mutable_class_is_made_by_its_parameterless_constructor_and_gets_the_id_of_its_stream()
    {
        var statement = Fold<Statement>(new MoneyDeposited(5), new MoneyWithdrawn(2)).ShouldNotBeNull();
        statement.Turnover.ShouldBe(7);
        statement.Id.ShouldBe("stream-1");
    }

    [Fact]
    public void A_deletion_may_depend_on_the_state()
    {
        Fold<Statement>(new MoneyDeposited(5), new AccountClosed("bored")).ShouldNotBeNull();
        Fold<Statement>(new MoneyDeposited(50), new AccountClosed("bored")).ShouldBeNull();
    }

    private static T? Fold<T>(params object[] events)
        where T : class
    {
        AggregateCatalog.TryGet<T>(out var type).ShouldBeTrue();
        T? aggregate = null;
        foreach (var data in events)
        {
            EventCatalog.TryGet(data.GetType(), out var eventType).ShouldBeTrue();
            aggregate = type!.Fold(aggregate, eventType!.Record(data, new EventMetadata { StreamId = "stream-1" }));
        }

        return aggregate;
    }
}
