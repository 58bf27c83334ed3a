using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Tests.Postgres;

public sealed class SqlStatesTests
{
    [Theory]
    [InlineData("PANIC", "XX000", true)]
    [InlineData("PANIC", "53100", true)]
    [InlineData("FATAL", "25P03", true)]
    [InlineData("FATAL", "57P01", true)]
    [InlineData("ERROR", "58030", true)]
    [InlineData("ERROR", "53100", true)]
    [InlineData("ERROR", "08006", true)]
    [InlineData("ERROR", "23505", false)]
    [InlineData("ERROR", "40P01", false)]
    [InlineData("ERROR", "FE001", false)]
    public void An_error_of_a_server_that_went_down_or_could_not_write_leaves_open_whether_it_committed(
        string severity, string sqlState, bool isUnknown) =>
        SqlStates.LeavesOutcomeUnknown(new PostgresException("", severity, severity, sqlState)).ShouldBe(isUnknown);
}
