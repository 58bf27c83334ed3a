using FluentEventStore.PostgresTests.Events.Ordering;
using Npgsql;

namespace FluentEventStore.Proofs.Events.Ordering.Racing;

/// <summary>
/// Appends in explicit transactions of all kinds, with pauses between append and commit, so that many positions become visible long after
/// higher ones.
/// </summary>
internal sealed class RaceWriter(Race race, int number)
{
    private readonly Random _random = new(race.Seed * 1000 + number);
    private readonly List<string> _committed = [];
    private int _counter;

    /// <returns>The texts of the events that were committed.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        await using var connection = new NpgsqlConnection(race.ConnectionString);
        await connection.OpenAsync();
        await PrepareAsync(race, connection);

        // The first transactions decide what a fresh sequence is worth: all pause, and none is rolled back.
        await RunOneAsync(connection, Kind.Plain, pause: race.LongestPause);
        for (var transaction = 1; transaction < race.TransactionsPerWriter; transaction++)
        {
            await RestAsync();
            await RunOneAsync(connection, ChooseKind(), _random.Next(10) < 4 ? race.LongestPause * _random.NextDouble() : TimeSpan.Zero);
        }

        return _committed;
    }

    public static Task PrepareAsync(Race race, NpgsqlConnection connection) =>
        race.PrepareWriter is null ? Task.CompletedTask : ExecuteAsync(connection, race.PrepareWriter);

    private Task RestAsync()
    {
        var interval = (long)race.BurstInterval.TotalMilliseconds;
        return interval == 0
            ? Task.Delay(race.LongestRest * _random.NextDouble())
            : Task.Delay((int)(interval - Environment.TickCount64 % interval));
    }

    private Kind ChooseKind() => _random.Next(100) switch
    {
        < 20 => Kind.RolledBack,
        < 45 => Kind.Savepoint,
        < 55 when race.HasTwoPhaseCommit => Kind.TwoPhase,
        < 65 => Kind.Twice,
        < 68 => Kind.Large,
        _ => Kind.Plain,
    };

    private async Task RunOneAsync(NpgsqlConnection connection, Kind kind, TimeSpan pause)
    {
        var written = new List<string>();
        await ExecuteAsync(connection, "begin");
        if (kind == Kind.Savepoint)
        {
            await ExecuteAsync(connection, "savepoint a");
            await AppendAsync(connection, []);
            await ExecuteAsync(connection, "rollback to a");
            await Task.Delay(pause / 2);
        }

        await AppendAsync(connection, written, kind == Kind.Large ? race.LargeSize : 1 + _random.Next(3));
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause);
        if (kind == Kind.Twice)
            await AppendAsync(connection, written);

        var isCommitted = kind != Kind.RolledBack;
        if (kind == Kind.TwoPhase)
        {
            var name = $"{race.Schema}-{number}-{_counter}";
            await ExecuteAsync(connection, $"prepare transaction '{name}'");
            await Task.Delay(pause / 2);
            isCommitted = _random.Next(4) > 0;
            await ExecuteAsync(connection, $"{(isCommitted ? "commit" : "rollback")} prepared '{name}'");
        }
        else
        {
            await ExecuteAsync(connection, isCommitted ? "commit" : "rollback");
        }

        if (isCommitted)
            _committed.AddRange(written);
    }

    private Task AppendAsync(NpgsqlConnection connection, List<string> written, int count = 1)
    {
        List<string> texts = [.. Enumerable.Range(0, count).Select(_ => $"{number}-{++_counter}")];
        written.AddRange(texts);

        // Each writer has a stream of its own: writers that wait for a stream would not race.
        return AppendCall.RunAsync(connection, race.Schema, $"{race.Schema}-{number}", texts);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private enum Kind
    {
        Plain,
        RolledBack,
        Savepoint,
        TwoPhase,
        Twice,
        Large,
    }
}
