using System.Runtime.InteropServices;

namespace FluentEventStore.Sessions;

/// <summary>
/// Where writers of the process stand in line for a stream. They get their turns in the order in which they came, and only the one whose
/// turn it is takes a connection. The database would order them too, so correctness does not depend on a line.
/// </summary>
/// <param name="clock">The clock that measures waiting.</param>
/// <param name="longestTurn">
/// How long a turn keeps others waiting; <see cref="Timeout.InfiniteTimeSpan"/> for until it ends. Turns in which code of the application
/// runs need a limit: the code may itself wait for a writer that stands behind it.
/// </param>
internal sealed class StreamLines(TimeProvider clock, TimeSpan longestTurn)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(TenantId TenantId, StreamId StreamId), Line> _lines = [];

    /// <summary>How many streams have writers in line or at their turn.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _lines.Count;
        }
    }

    /// <summary>Whether somebody has a turn at the stream.</summary>
    public bool IsBusy(TenantId tenantId, StreamId streamId)
    {
        lock (_lock)
            return _lines.ContainsKey((tenantId, streamId));
    }

    /// <summary>Waits for a turn at each of some streams.</summary>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamIds">The streams. Everybody waits for them in the same order, so that no two wait for each other.</param>
    /// <param name="limit">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for without end.</param>
    /// <param name="cancellationToken">Gives the place in line up.</param>
    /// <returns>The turns; they end when it is disposed.</returns>
    /// <exception cref="TimeoutException">The limit was reached.</exception>
    public Task<IDisposable> EnterAsync(
        TenantId tenantId, IEnumerable<StreamId> streamIds, TimeSpan limit, CancellationToken cancellationToken) =>
        EnterAsync(tenantId, streamIds, limit, passed: TimeSpan.Zero, cancellationToken);

    /// <summary>
    /// Like the other overload, but passes by a turn that somebody has had for a short time only: it then gets no turn itself.
    /// </summary>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamIds">The streams.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="passed">How long a turn is passed by; after that, this waits for it.</param>
    /// <param name="cancellationToken">Gives the place in line up.</param>
    /// <inheritdoc cref="EnterAsync(TenantId, IEnumerable{StreamId}, TimeSpan, CancellationToken)" path="/returns"/>
    /// <inheritdoc cref="EnterAsync(TenantId, IEnumerable{StreamId}, TimeSpan, CancellationToken)" path="/exception"/>
    public async Task<IDisposable> EnterAsync(
        TenantId tenantId, IEnumerable<StreamId> streamIds, TimeSpan limit, TimeSpan passed, CancellationToken cancellationToken)
    {
        var since = clock.GetTimestamp();
        var turns = new Turns(this);
        try
        {
            foreach (var streamId in streamIds.Distinct().OrderBy(static id => id.Value, StringComparer.Ordinal))
            {
                var left = limit == Timeout.InfiniteTimeSpan ? limit : Max(limit - clock.GetElapsedTime(since), TimeSpan.Zero);
                if (await EnterAsync((tenantId, streamId), left, passed, cancellationToken).ConfigureAwait(false) is { } turn)
                    turns.Add(turn);
            }

            return turns;
        }
        catch
        {
            turns.Dispose();
            throw;
        }
    }

    private async ValueTask<Turn?> EnterAsync(
        (TenantId TenantId, StreamId StreamId) key, TimeSpan limit, TimeSpan passed, CancellationToken cancellationToken)
    {
        var turn = new Turn(key);
        lock (_lock)
        {
            ref var line = ref CollectionsMarshal.GetValueRefOrAddDefault(_lines, key, out var isBusy);
            if (!isBusy)
            {
                line = new Line(turn, clock.GetTimestamp());
                return turn;
            }

            if (clock.GetElapsedTime(line!.Since) < passed)
                return null;

            turn.StandInLine();
            line.Waiting.AddLast(turn);
        }

        var since = clock.GetTimestamp();
        while (true)
        {
            var left = limit == Timeout.InfiniteTimeSpan ? limit : Max(limit - clock.GetElapsedTime(since), TimeSpan.Zero);
            try
            {
                await turn.Begun.WaitAsync(Shorter(left, longestTurn), clock, cancellationToken).ConfigureAwait(false);
                return turn;
            }
            catch (TimeoutException) when (PassOrStay(turn))
            {
                return turn;
            }
            catch (TimeoutException) when (left == Timeout.InfiniteTimeSpan || clock.GetElapsedTime(since) < limit)
            {
            }
            catch
            {
                Leave(turn);
                throw;
            }
        }
    }

    /// <summary>Takes the turn from a writer that keeps it for too long, if no other stands before.</summary>
    private bool PassOrStay(Turn turn)
    {
        lock (_lock)
        {
            var line = _lines[turn.Key];
            if (line.Waiting.First?.Value == turn
                && longestTurn != Timeout.InfiniteTimeSpan
                && clock.GetElapsedTime(line.Since) >= longestTurn)
                Begin(line);

            return line.Current == turn;
        }
    }

    private void Leave(Turn turn)
    {
        lock (_lock)
        {
            if (!_lines.TryGetValue(turn.Key, out var line))
                return;

            if (line.Current != turn)
                line.Waiting.Remove(turn);
            else if (line.Waiting.Count > 0)
                Begin(line);
            else
                _lines.Remove(turn.Key);
        }
    }

    private void Begin(Line line)
    {
        line.Current = line.Waiting.First!.Value;
        line.Since = clock.GetTimestamp();
        line.Waiting.RemoveFirst();
        line.Current.Begin();
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan || (other != Timeout.InfiniteTimeSpan && other < one) ? other : one;

    private sealed class Line(Turn current, long since)
    {
        public Turn Current { get; set; } = current;

        public long Since { get; set; } = since;

        public LinkedList<Turn> Waiting { get; } = [];
    }

    private sealed class Turn((TenantId TenantId, StreamId StreamId) key)
    {
        private TaskCompletionSource? _begun;

        public (TenantId TenantId, StreamId StreamId) Key { get; } = key;

        public Task Begun => _begun?.Task ?? Task.CompletedTask;

        // Whoever ends a turn goes on with its own work: the next one gets neither its thread nor its execution context.
        public void StandInLine() => _begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Begin() => _begun?.TrySetResult();
    }

    private sealed class Turns(StreamLines lines) : IDisposable
    {
        private readonly List<Turn> _turns = [];

        public void Add(Turn turn) => _turns.Add(turn);

        public void Dispose()
        {
            foreach (var turn in _turns)
                lines.Leave(turn);

            _turns.Clear();
        }
    }
}
