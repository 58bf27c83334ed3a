using System.Collections;
using System.Reflection;
using FluentEventStore.Documents;
using FluentEventStore.Events;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.Serialization;
using FluentEventStore.Sessions;
using FluentEventStore.Store;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace FluentEventStore.PostgresTests.Sessions;

/// <summary>Looks at all that can be reached from a unit that is being sent.</summary>
public sealed class SentUnitTests(BankStore bank) : IClassFixture<BankStore>
{
    private readonly StreamId _id = Guid.NewGuid();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_a_unit_in_the_lanes_reaches_can_be_changed_by_its_session()
    {
        // The clock stands still, so that the only lane is not given up.
        await using var store = bank.CreateStore(
            static options => (options.Events.GroupCommit.Lanes, options.WaitClock) = (1, new FakeTimeProvider()));
        await BankStore.WriteOnceAsync(store);
        await using var holder = new NpgsqlConnection(bank.ConnectionString);
        await holder.OpenAsync(Token);
        await using var transaction = await holder.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand($"lock table {bank.Schema}.streams in exclusive mode", holder))
            await hold.ExecuteNonQueryAsync(Token);

        await using var first = store.OpenSession();
        first.Events.Append(_id, new NoteTaken("keeps the lane busy"));
        var saving = first.SaveChangesAsync(Token);
        await using var session = store.OpenSession();
        var changed = (DocumentSession)session;
        var appended = new ItemsAdded(["a"]);
        session.CorrelationId = "correlation";
        session.SetHeader("of", "the session");
        session.Events.Append(_id, appended).WithHeader("of", "the event");
        session.Events.StartStream($"{_id}-other", new NoteTaken("b"));
        var savingAlso = session.SaveChangesAsync(Token);
        var waiting = ((IEnumerable)FieldOf(FieldOf(Lanes(store), "_backlog")!, "_waiting")!).Cast<WaitingUnit>().Single();

        ShouldShareNothing(waiting, changed, appended);
        await transaction.RollbackAsync(Token);
        await Task.WhenAll(saving, savingAlso);
    }

    [Fact]
    public async Task Nothing_that_a_described_unit_of_all_kinds_reaches_can_be_changed_by_its_session()
    {
        await bank.AppendAsync($"{_id}-old", new NoteTaken("1"), new NoteTaken("2"));
        var recorded = (await bank.FetchAsync($"{_id}-old"))[0];
        var appended = new ItemsAdded(["a"]);
        var customer = new Customer { Name = "Ada", Tags = ["b"] };
        var replacement = new ItemsAdded(["c"]);
        await using var session = bank.Store.OpenSession(new SessionOptions { Idempotent = true });
        var boundary = await session.Events.FetchForWritingAsync<Enrolment>(TagQuery.Tagged("course", $"{_id}"), Token);
        boundary.Append($"{_id}-course", new CourseOffered($"{_id}", 3));
        session.SetHeader("of", "the session");
        session.Events.Append(_id, appended).WithHeader("of", "the event").WithTag("a", "tag");
        session.Events.Append(_id, new PersonRegistered(Guid.NewGuid(), "Ada", "ada@example.org", null, default, null));
        session.Events.LinkTo(_id, recorded);
        session.Events.CompactStream($"{_id}-old", 1, replacement);
        session.Events.ArchiveStream($"{_id}-old");
        session.Store(customer);
        var unitOfWork = (UnitOfWork)FieldOf(session, "_unit")!;
        var describe = typeof(UnitOfWork).GetMethod("DescribeAsync", BindingFlags.Instance | BindingFlags.NonPublic)!;
        using var payloads = new JsonWriter();

        var described = await (ValueTask<DescribedUnit>)describe.Invoke(unitOfWork, [payloads, Token])!;

        described.Events!.EventIds.Length.ShouldBe(3);
        described.Documents.Length.ShouldBe(1);
        ShouldShareNothing(described, (DocumentSession)session, appended, customer, replacement);
    }

    private static void ShouldShareNothing(object unit, DocumentSession session, params object[] given)
    {
        var reached = Reach(unit);
        reached.Count.ShouldBeGreaterThan(10);
        foreach (var one in given)
            reached.ShouldNotContain(one);

        var shared = Reach(session).Intersect(reached, ReferenceEqualityComparer.Instance).ToList();
        shared.Where(static one => !NeverChanges(one)).ShouldBeEmpty();
    }

    private static AppendLanes Lanes(EventStore store) => ((StoreDatabase)FieldOf(store, "_only")!).Context.Writing.Lines.Lanes;

    // The comparers are those of dictionaries; a process has one for all.
    private static bool NeverChanges(object one) =>
        one is string or Type or Guid or Array { Length: 0 } or StringComparer or IEqualityComparer<string> || one.GetType().IsPrimitive;

    /// <summary>Everything that can be reached from an object, except for what belongs to the store or to the runtime.</summary>
    private static HashSet<object> Reach(object start)
    {
        var reached = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var next = new Stack<object>([start]);
        while (next.TryPop(out var one))
        {
            if (one is StoreContext
                or StoreReading
                or StoreWriting
                or EventType
                or DocumentTable
                or Task
                or CancellationTokenSource
                or TimeProvider
                or Pointer
                || !reached.Add(one))
                continue;

            if (one is string or Type || one.GetType().IsPrimitive)
                continue;

            if (one is Array { Rank: 1 } array && !array.GetType().GetElementType()!.IsPrimitive)
            {
                foreach (var element in array)
                    Add(element);
            }

            for (var type = one.GetType(); type is not null; type = type.BaseType)
            {
                foreach (var field in type.GetFields(
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    if (!field.FieldType.IsPointer && !field.FieldType.IsByRefLike)
                        Add(field.GetValue(one));
                }
            }
        }

        return reached;

        void Add(object? found)
        {
            if (found is not null)
                next.Push(found);
        }
    }

    private static object? FieldOf(object of, string name) =>
        of.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(of);
}
