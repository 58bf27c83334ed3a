using FluentEventStore.Telemetry;
using Npgsql;

namespace FluentEventStore.Tests.Telemetry;

public sealed class ErrorTypeTests
{
    [Fact]
    public void What_the_server_refuses_is_its_SQLSTATE() =>
        ErrorType.Of(new PostgresException("text", "ERROR", "ERROR", "23505")).ShouldBe("23505");

    [Fact]
    public void Other_failures_are_their_types()
    {
        ErrorType.Of(new NpgsqlException("text")).ShouldBe("Npgsql.NpgsqlException");
        ErrorType.Of(new StreamNotFoundException("s")).ShouldBe("FluentEventStore.StreamNotFoundException");
    }

    [Fact]
    public void All_cancellations_are_one() =>
        new Exception[] { new OperationCanceledException(), new TaskCanceledException() }.Select(ErrorType.Of)
            .Distinct()
            .ShouldBe(["System.OperationCanceledException"]);
}
