using FluentEventStore.Events;
using FluentEventStore.Postgres;

namespace FluentEventStore.Subscriptions;

/// <summary>
/// Reads pages of the log for many, a few at a time, and keeps them for a moment. Those who ask for the same place, or for one that a page
/// at hand holds, share it. Pages of one query do not overlap, so readers who began at different places soon share as well.
/// </summary>
internal sealed class SharedPages : IAsyncDisposable
{
    private readonly LogReader _reader;
    private readonly FeedBounds _bounds;
    private readonly TimeProvider _waitClock;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _turn;
    private readonly Lock _gate = new();
    private readonly ITimer _timer;

    // In the order in which they were asked for.
    private readonly List<SharedPage> _pages = [];

    // Also those that nobody may ask for any more.
    private readonly HashSet<Task> _running = [];
    private LogIdentity _identity;
    private bool _isTimed;
    private bool _isEnding;

    /// <param name="reader">Reads them.</param>
    /// <param name="atOnce">How many are read at once.</param>
    /// <param name="bounds">How much is kept, and for how long.</param>
    /// <param name="waitClock">Says how old they are.</param>
    public SharedPages(LogReader reader, int atOnce, FeedBounds bounds, TimeProvider waitClock)
    {
        _turn = new SemaphoreSlim(atOnce);
        (_reader, _bounds, _waitClock) = (reader, bounds, waitClock);
        _identity = reader.Identity;
        _timer = OwnFlow.Timer(waitClock, DropOld);
    }

    /// <summary>How much memory the pages at hand take, by estimate.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
                return _pages.Sum(static page => page.Bytes);
        }
    }

    /// <summary>The page in which the events after a position are, and those at hand that follow it without a gap.</summary>
    /// <param name="query">Which events.</param>
    /// <param name="after">The position.</param>
    /// <param name="settled">A settled position beyond it.</param>
    /// <param name="cancellationToken">Ends the wait, not what is read for others too.</param>
    public async Task<IReadOnlyList<LogPage>> FetchAsync(
        LogQuery query, long after, long settled, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await FindOrBegin(query, after, settled).WaitAsync(cancellationToken).ConfigureAwait(false);

            // A page that was being read for somebody before may have ended before the place.
            if (page.ReadTo > after)
                return WithNext(query.Key, page);
        }
    }

    /// <summary>Ends all reading with an <see cref="ObjectDisposedException"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] running;
        lock (_gate)
        {
            if (_isEnding)
                return;

            _isEnding = true;
            running = [.. _running];
            _pages.Clear();
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        foreach (var reading in running)
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        _ending.Dispose();
        _turn.Dispose();
    }

    private Task<LogPage> FindOrBegin(LogQuery query, long after, long settled)
    {
        lock (_gate)
        {
            if (_isEnding)
                throw ConnectionSource.Disposed();

            DropOutdated();
            var next = long.MaxValue;
            var begun = default(SharedPage);
            foreach (var page in _pages)
            {
                if (page.Key != query.Key)
                    continue;

                if (page.After > after)
                    next = Math.Min(next, page.After);
                else if (page.Read is { } read && read.ReadTo > after)
                    return page.Reading;
                else if (page.Read is null && page.To > after && after - page.After < _bounds.Join)
                    begun = page;
            }

            return (begun ?? Begin(query, after, Math.Min(settled, next))).Reading;
        }
    }

    private SharedPage Begin(LogQuery query, long after, long to)
    {
        var page = new SharedPage(query.Key, after, to) { BeganAt = _waitClock.GetTimestamp() };
        _pages.Add(page);
        var ending = _ending.Token;
        page.Begin(OwnFlow.Run(() => ReadAsync(page, query, ending)));
        _running.Add(page.Reading);
        return page;
    }

    private async Task<LogPage> ReadAsync(SharedPage page, LogQuery query, CancellationToken cancellationToken)
    {
        try
        {
            LogPage read;
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                page.BeganAt = _waitClock.GetTimestamp();
                read = await _reader.FetchWholePageAsync(query, page.After, page.To, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }

            Keep(page, read);
            return read;
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw ConnectionSource.Disposed();
        }
        finally
        {
            lock (_gate)
            {
                _running.Remove(page.Reading);
                if (page.Read is null)
                    _pages.Remove(page);
            }
        }
    }

    private void Keep(SharedPage page, LogPage read)
    {
        lock (_gate)
        {
            // Whoever asks from now on must not get what was read before the log became another one.
            DropOutdated();
            if (!_pages.Contains(page))
                return;

            page.Complete(read);
            var (count, bytes) = (0, 0L);
            for (var index = _pages.Count - 1; index >= 0; index--)
            {
                if (_pages[index].Read is null)
                    continue;

                count++;
                bytes += _pages[index].Bytes;
                if (count > _bounds.Pages || bytes > _bounds.Bytes)
                    _pages.RemoveAt(index);
            }

            Time();
        }
    }

    private List<LogPage> WithNext(string key, LogPage first)
    {
        List<LogPage> found = [first];
        lock (_gate)
        {
            var events = first.Events.Count;
            var readTo = first.ReadTo;
            while (events < _bounds.Events
                && _pages.Find(page => page.Key == key && page.After == readTo && page.Read is not null) is { } page)
            {
                found.Add(page.Read!.Value);
                readTo = page.Read.Value.ReadTo;
                events += page.Read.Value.Events.Count;
            }
        }

        return found;
    }

    private void DropOutdated()
    {
        var identity = _reader.Identity;
        if (!identity.IsOf(_identity))
        {
            _pages.Clear();
            _identity = identity;
        }

        var now = _waitClock.GetTimestamp();
        _pages.RemoveAll(page => page.Read is not null && _waitClock.GetElapsedTime(page.BeganAt, now) >= _bounds.Age);
    }

    private void DropOld()
    {
        lock (_gate)
        {
            _isTimed = false;
            DropOutdated();
            Time();
        }
    }

    // Pages are dropped even if nobody asks again.
    private void Time()
    {
        if (!_isTimed && !_isEnding && _pages.Exists(static page => page.Read is not null))
            _isTimed = _timer.Change(_bounds.Age, Timeout.InfiniteTimeSpan);
    }
}
