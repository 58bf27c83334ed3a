using System.Globalization;
using FluentEventStore.Postgres;
using FluentEventStore.Telemetry;

namespace FluentEventStore.Events;

/// <summary>
/// Listens to what other processes tell of their commits, on one connection, as long as somebody in this process waits for the log. It only
/// saves time: without it those who wait look at a pace.
/// </summary>
internal sealed class LogListener(NotificationChannel channel, StoreTelemetry telemetry, TimeProvider waitClock) : IAsyncDisposable
{
    private readonly OwnWork _work = new();
    private readonly Lock _gate = new();
    private readonly ListeningPace _pace = new();
    private long _neededAt;
    private bool _isRunning;

    /// <summary>Called with the position that another process told of.</summary>
    public required Action<long> Heard { get; init; }

    /// <summary>Called when the listening has begun or broken off: something may have been told that was not heard.</summary>
    public required Action Missed { get; init; }

    /// <summary>Whether somebody waits for the log.</summary>
    public required Func<bool> IsFollowed { get; init; }

    /// <summary>
    /// After how much silence the connection is asked whether it lives. Short enough for what forgets silent connections on the way.
    /// </summary>
    internal TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long the connection stays open after the last one has left: followers come and go.</summary>
    internal TimeSpan Lingering { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a connection listens.</summary>
    public bool IsListening { get; private set; }

    /// <summary>Says that somebody waits.</summary>
    /// <param name="isIdle">Whether long enough for a connection to be worth it; one that is open stays.</param>
    public void Need(bool isIdle)
    {
        Volatile.Write(ref _neededAt, waitClock.GetTimestamp());
        if (!isIdle || Volatile.Read(ref _isRunning))
            return;

        lock (_gate)
        {
            if (!_isRunning)
                _isRunning = _work.TryBegin(RunAsync);
        }
    }

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested && GoesOn())
            {
                if (await TryListenAsync(cancellationToken).ConfigureAwait(false) is { } pause)
                    await Task.Delay(pause, waitClock, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The store is disposed.
        }
    }

    private bool GoesOn()
    {
        lock (_gate)
            return _isRunning = IsNeeded();
    }

    private bool IsNeeded()
    {
        if (!IsFollowed())
            return waitClock.GetElapsedTime(Volatile.Read(ref _neededAt)) < Lingering;

        Volatile.Write(ref _neededAt, waitClock.GetTimestamp());
        return true;
    }

    /// <returns>How long to pause before the next attempt; <see langword="null"/> if the connection is not needed any more.</returns>
    private async Task<TimeSpan?> TryListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ListenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            OrderingLog.NotListening(telemetry, ErrorType.Of(failure));
            return _pace.Lost();
        }
        catch (Exception)
        {
            // Whatever was thrown: the store is disposed.
            return null;
        }
        finally
        {
            if (IsListening)
                Missed();

            IsListening = false;
        }
    }

    private async Task<TimeSpan?> ListenAsync(CancellationToken cancellationToken)
    {
        if (await channel.ListenAsync(Hear, cancellationToken).ConfigureAwait(false) is not { } connection)
            return Refused();

        await using var _ = connection.ConfigureAwait(false);
        IsListening = true;
        Missed();
        while (IsNeeded())
        {
            if (await connection.WaitAsync(Silence, cancellationToken).ConfigureAwait(false))
                continue;

            switch (await connection.CheckAsync(cancellationToken).ConfigureAwait(false))
            {
                case ListeningState.Listens:
                    _pace.Works();
                    break;
                case ListeningState.Elsewhere:
                    return _pace.Lost();
                default:
                    return Refused();
            }
        }

        return null;
    }

    private TimeSpan Refused()
    {
        OrderingLog.NotListening(telemetry, "refused");
        return ListeningPace.Refused;
    }

    // Anybody may tell anything on a channel.
    private void Hear(string payload)
    {
        if (long.TryParse(payload, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            Heard(position);
    }
}
