using System.Reflection;
using FluentEventStore.Events;
using Npgsql;

namespace FluentEventStore.Tests.Events;

/// <summary>When a statement of many units fails, each session gets an exception of its own, which says the same.</summary>
public sealed class SharedFailureTests
{
    private static readonly PostgresException Refused = new(
        "message",
        "FEHLER",
        "ERROR",
        "23505",
        "detail",
        "hint",
        1,
        2,
        "query",
        "where",
        "schema",
        "table",
        "column",
        "type",
        "constraint",
        "file",
        "line",
        "routine");

    public static TheoryData<Exception> Failures =>
    [
        Refused,
        new NpgsqlException("lost", new IOException("broken")),
        new CommitOutcomeUnknownException(Refused),
        new CommitOutcomeUnknownException(new NpgsqlException("lost"), isCommittedLocally: true),
        new CommitOutcomeUnknownException(new TimeoutException("late")),
        new CommitOutcomeUnknownException(null),
        new SchemaMismatchException("schema", "it lacks a table", "create table t ()", Refused) { TenantId = "red" },
        new LogLockedException(new LockHolder(7, "role", "application")),
        new LogLockedException(null),
        new OrderingNotGuaranteedException("check", "expected", "actual", Refused),
        new UnknownTenantException("red"),
        new TenantDatabaseException("red", "reason", Refused),
        new OperationCanceledException("cancelled", new TimeoutException("late"), new CancellationToken(canceled: true)),
        new TimeoutException("late", new IOException("broken")),
        new ObjectDisposedException("store", "The store is disposed."),
    ];

    [Theory, MemberData(nameof(Failures))]
    public void Each_session_gets_its_own_exception_with_the_same_content(Exception failure)
    {
        var copy = SharedFailure.Copy(failure);

        copy.ShouldNotBeSameAs(failure);
        copy.ShouldBeOfType(failure.GetType());
        foreach (var property in failure.GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(static property => property.DeclaringType != typeof(Exception)))
            property.GetValue(copy).ShouldBe(property.GetValue(failure), property.Name);

        copy.Message.ShouldBe(failure.Message);
        copy.InnerException?.Message.ShouldBe(failure.InnerException?.Message);
        (copy.InnerException is null).ShouldBe(failure.InnerException is null);
        copy.Data["mine"] = 1;
        failure.Data["mine"].ShouldBeNull();
    }

    [Fact]
    public void The_inner_exception_of_a_copy_is_not_shared_where_sessions_may_add_to_it()
    {
        var copy = SharedFailure.Copy(new CommitOutcomeUnknownException(Refused));

        copy.InnerException.ShouldBeOfType<PostgresException>().ShouldNotBeSameAs(Refused);
    }

    [Fact]
    public void A_failure_of_another_kind_is_wrapped_in_a_new_exception()
    {
        var failure = new NotSupportedException("a listener of a meter");

        var copy = SharedFailure.Copy(failure);

        copy.InnerException.ShouldBeSameAs(failure);
        copy.Message.ShouldContain("a listener of a meter");
        SharedFailure.Copy(failure).ShouldNotBeSameAs(copy);
    }
}
