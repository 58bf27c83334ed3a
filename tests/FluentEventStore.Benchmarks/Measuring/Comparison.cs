using FluentEventStore.Benchmarks.Contenders;
using FluentEventStore.Benchmarks.Rows;

namespace FluentEventStore.Benchmarks.Measuring;

/// <summary>Lets the contenders take turns within a row, so that whatever slows the machine for a while slows each of them.</summary>
internal static class Comparison
{
    private const int WarmUpOperations = 250;
    private const int MostWarmUps = 5;

    public static async Task<Result> RunAsync(Row row, IReadOnlyList<IContender> contenders, Pace pace, ServerCpu server)
    {
        List<(IContender Contender, Operation Operation, List<Round> Rounds)> turns = [];
        foreach (IContender contender in contenders)
        {
            if (await row.PrepareAsync(contender) is { } operation)
                turns.Add((contender, operation, []));
        }

        foreach (var turn in turns)
            await WarmUpAsync(row, turn.Contender, turn.Operation, pace, server);

        for (var round = 0; round < pace.Rounds; round++)
        {
            foreach (var turn in turns)
                turn.Rounds.Add(await RunAsync(row, turn.Contender, turn.Operation, pace.Round, server));
        }

        return new Result(row, turns.ToDictionary(turn => turn.Contender.Name, turn => Figures.Of(turn.Rounds)));
    }

    /// <summary>One round, with what runs around it.</summary>
    public static async Task<Round> RunAsync(Row row, IContender contender, Operation operation, TimeSpan duration, ServerCpu server)
    {
        await using IAsyncDisposable? around = row.AroundAsync is null ? null : await row.AroundAsync(contender);
        return await Round.RunAsync(row, operation, duration, server);
    }

    /// <summary>The runtime compiles a method again after this many calls. On a busy machine they take longer than the warm-up.</summary>
    private static async Task WarmUpAsync(Row row, IContender contender, Operation operation, Pace pace, ServerCpu server)
    {
        var operations = 0;
        for (var round = 0; round < (row.IsLong ? 1 : MostWarmUps) && operations < WarmUpOperations * row.Writers; round++)
            operations += (await RunAsync(row, contender, operation, pace.WarmUp, server)).Latencies.Count;
    }
}
