using System.Runtime.CompilerServices;
using FluentEventStore.Events;
using FluentEventStore.Postgres;
using Npgsql;

namespace FluentEventStore.Proofs.Events.Ordering.Racing;

/// <summary>A mistake that somebody could make with the settled position, put in place of what the store does.</summary>
internal sealed record PlantedFault(string Name)
{
    /// <summary>Changes the store's functions or its sequence.</summary>
    public Func<BankStore, Task> PlantAsync { get; private init; } = static _ => Task.CompletedTask;

    public RaceReader Reader { get; private init; } = Race.FollowAsync;

    public string? PrepareWriter { get; private init; }

    /// <summary>As <see cref="Race.BurstInterval"/>, for a mistake that shows only after a quiet moment.</summary>
    public TimeSpan BurstInterval { get; private init; }

    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        // A writer that locks, draws and ends between the two looks is in neither.
        new("the locks are looked at before the last position")
        {
            PlantAsync = static bank => SettleAsync(bank, static schema => $"""
                select min({SettledPosition.LockedPosition}) into lowest from pg_catalog.pg_locks l where {SettledPosition.Locks(schema)};
                perform pg_sleep(0.02);
                select p.last_value into last from {schema}.positions p;
                settled := {HighestEvent(schema, "least(last, coalesce(lowest, last))")};
                """),
            BurstInterval = TimeSpan.FromMilliseconds(80),
        },

        // The snapshot is older than the look at the locks: a writer that ends in between is neither locked nor visible.
        new("one statement looks at the locks and reads") { Reader = ReadInOneStatementAsync },

        // Below the last position lie numbers that other connections keep and hand out later.
        new("the sequence hands out numbers in advance") { PlantAsync = static bank =>
            bank.ExecuteAsync("alter sequence {schema}.positions cache 20") },

        // The first writer locks the very position that it gets. If the settled position is always the position of an event, this alone
        // loses nothing.
        new("the sequence is pristine, and the settled position is a bound instead of an event")
        {
            PlantAsync = static async bank =>
            {
                await bank.ExecuteAsync("drop sequence {schema}.positions; create sequence {schema}.positions minvalue 1 cache 1");
                await SettleAsync(bank, static schema => $"""
                    select p.last_value into last from {schema}.positions p;
                    select min({SettledPosition.LockedPosition}) into lowest from pg_catalog.pg_locks l where {SettledPosition.Locks(
                        schema)};
                    settled := greatest(p_settled, least(last, coalesce(lowest, last)));
                    """);
            },
        },

        // The bound of the reading is right, but the reader goes on after what was handed out and is not visible yet.
        new("the position becomes the last one handed out") { Reader = GoOnAfterTheLastAsync },

        // The lock is gone with the savepoint, but a flag that the client keeps says it is there.
        new("the flag of the lock outlives a rollback to a savepoint")
        {
            PlantAsync = ReplaceLockAsync,
            PrepareWriter = "select setval('{schema}.flag', 1)",
        },
    ];

    public override string ToString() => Name;

    private static Task<object?> SettleAsync(BankStore bank, Func<SqlIdentifier, string> body) => bank.ExecuteAsync($"""
        create or replace function {bank.Schema}.settle({SettledPosition.SettleArguments})
        returns {SettledPosition.SettleReturns} language plpgsql as $fault$
        begin
        standby := false;
        server := pg_catalog.pg_postmaster_start_time();
        {body(new SqlIdentifier(bank.Schema))}
        return next;
        end
        $fault$
        """);

    private static string HighestEvent(SqlIdentifier schema, string bound) =>
        $"greatest(p_settled, coalesce((select max(e.position) from {schema}.events e where e.position <= {bound}), 0))";

    private static async Task ReplaceLockAsync(BankStore bank)
    {
        var schema = new SqlIdentifier(bank.Schema);
        var append = (string)(await bank.ExecuteAsync(
            "select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = '{schema}' "
                + "and p.proname = 'append'"))!;
        append.ShouldContain(SettledPosition.Lock(schema));

        // No rollback takes back a sequence, and nothing else is like that in the database. So its value, which a connection set last,
        // stands for what a client remembers.
        await bank.ExecuteAsync("create sequence {schema}.flag");
        await bank.ExecuteAsync(append.Replace(
            SettledPosition.Lock(schema),
            $"""
            if currval('{schema}.flag') <> txid_current() then
            perform pg_advisory_xact_lock_shared(
              (select o.lock_tag::bigint from {schema}.store o) << 48 | (select p.last_value from {schema}.positions p));
            perform setval('{schema}.flag', txid_current());
            end if;
            """,
            StringComparison.Ordinal));
    }

    private static IAsyncEnumerable<(long Position, string Text)> ReadInOneStatementAsync(Race race, CancellationToken cancellationToken) =>
        PollAsync(
        race,
        $"""
        with s as materialized (select p.last_value as last, pg_sleep(0.001) from {race.Schema}.positions p),
        bound as materialized (
          select least(s.last, coalesce((
            select min({SettledPosition.LockedPosition})
            from pg_catalog.pg_locks l
            where {SettledPosition.Locks(new SqlIdentifier(race.Schema))} and s.last >= 0), s.last)) as position
          from s
        )
        select e.position, e.data ->> 'text', e.position
        from {race.Schema}.events e
        where e.position > $1 and e.position <= (select position from bound)
        order by e.position
        """,
        cancellationToken);

    private static IAsyncEnumerable<(long Position, string Text)> GoOnAfterTheLastAsync(Race race, CancellationToken cancellationToken) =>
        PollAsync(
        race,
        $"""
        select e.position, e.data ->> 'text', s.last
        from {race.Schema}.settle($1) s
        join {race.Schema}.events e on e.position > $1 and e.position <= s.settled
        order by e.position
        """,
        cancellationToken);

    /// <summary>Runs a statement again and again: its third column is the position to go on after.</summary>
    private static async IAsyncEnumerable<(long Position, string Text)> PollAsync(
        Race race, string sql, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(race.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        for (var after = 0L; ; await Task.Delay(1, cancellationToken))
        {
            var found = new List<(long Position, string Text)>();
            await using (var command = new NpgsqlCommand(sql, connection)
            {
                Parameters = { new NpgsqlParameter<long> { TypedValue = after } }
            })
            await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            {
                while (await rows.ReadAsync(cancellationToken))
                {
                    found.Add((rows.GetInt64(0), rows.GetString(1)));
                    after = Math.Max(after, rows.GetInt64(2));
                }
            }

            foreach (var row in found)
                yield return row;
        }
    }
}
