using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Events;

public sealed class GuardTests(BankStore bank) : IClassFixture<BankStore>
{
    [Theory]
    [InlineData("update {schema}.events set data = '{}'")]
    [InlineData("delete from {schema}.events")]
    [InlineData("truncate {schema}.events")]
    [InlineData("delete from {schema}.streams")]
    [InlineData("truncate {schema}.streams")]
    [InlineData("update {schema}.streams set state = 2")]
    [InlineData("update {schema}.streams set id = 'x'")]
    [InlineData("update {schema}.links set version = 1")]
    [InlineData("delete from {schema}.links")]
    [InlineData("truncate {schema}.links")]
    public async Task A_person_in_psql_cannot_change_what_is_recorded(string sql)
    {
        StreamId id = Guid.NewGuid();
        await bank.AppendAsync(id, new NoteTaken("a"));

        var refusal = await Should.ThrowAsync<PostgresException>(() => bank.ExecuteAsync(sql));

        refusal.SqlState.ShouldBe("FE011");
        (await bank.FetchAsync(id)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_permit_does_not_outlive_the_statement_it_was_given_for()
    {
        StreamId id = Guid.NewGuid();
        await bank.AppendAsync(id, new NoteTaken("a"));

        var refusal = await Should.ThrowAsync<PostgresException>(() => bank.ExecuteAsync(
            $"select {{schema}}.change_streams('default', array['{id}'], array[4::smallint], array[0]); delete from {{schema}}.events"));

        refusal.SqlState.ShouldBe("FE011");
        (await bank.ExecuteAsync($"select state from {{schema}}.streams where id = '{id}'")).ShouldBe((short)0);
    }

    [Fact]
    public async Task A_guard_that_was_disabled_or_dropped_is_brought_back_by_the_next_apply()
    {
        await bank.ExecuteAsync("alter table {schema}.events disable trigger fes_guard; drop trigger fes_guard on {schema}.links");
        await using var store = bank.CreateOwnerStore();

        var report = await store.Schema.ApplyAsync(TestContext.Current.CancellationToken);

        report.Drift.ShouldBeEmpty();
        (await Should.ThrowAsync<PostgresException>(() => bank.ExecuteAsync("delete from {schema}.events"))).SqlState.ShouldBe("FE011");
        (await Should.ThrowAsync<PostgresException>(() => bank.ExecuteAsync("delete from {schema}.links"))).SqlState.ShouldBe("FE011");
    }
}
