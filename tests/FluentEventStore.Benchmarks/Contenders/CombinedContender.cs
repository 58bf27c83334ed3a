using System.Threading.Channels;
using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;

namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>
/// Bare Npgsql with group commit and nothing else: what many writers can reach on a machine at best. Two loops take whatever waits and send
/// it as one statement. It knows no expectations, no headers and no outcomes of single units. Streams must be new and events alike.
/// </summary>
internal sealed class CombinedContender : IContender, IAppending
{
    private const int Lanes = 2;
    private const int MaxUnits = 256;

    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>();
    private readonly BareContender _bare;
    private readonly Task[] _lanes;

    public CombinedContender(string connectionString)
    {
        _bare = new BareContender(Names.Combined, connectionString);
        _lanes = [.. Enumerable.Range(0, Lanes).Select(_ => Task.Run(ServeAsync))];
    }

    public string Name => Names.Combined;

    public string Settings => $"combined: bare, the streams of all waiting calls in one statement, {Lanes} at once";

    public Task StartAsync() => _bare.StartAsync();

    public async Task StartStreamAsync(Guid stream, Payment[] events)
    {
        var waiting = new Waiting(stream, events, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(waiting);
        await waiting.Done.Task;
    }

    public Task StartStreamsAsync(Guid[] streams, Payment[] eventsOfEach) => _bare.StartStreamsAsync(streams, eventsOfEach);

    public Task AppendAsync(Guid stream, Payment[] events) => _bare.AppendAsync(stream, events);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await Task.WhenAll(_lanes);
        await _bare.DisposeAsync();
    }

    private async Task ServeAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            List<Waiting> taken = [];
            while (taken.Count < MaxUnits && _waiting.Reader.TryRead(out var next))
                taken.Add(next);

            if (taken.Count > 0)
                await SendAsync(taken);
        }
    }

    private async Task SendAsync(List<Waiting> taken)
    {
        try
        {
            await _bare.StartStreamsAsync([.. taken.Select(static waiting => waiting.Stream)], taken[0].Events);
            taken.ForEach(static waiting => waiting.Done.SetResult());
        }
        catch (Exception failure)
        {
            taken.ForEach(waiting => waiting.Done.SetException(failure));
        }
    }

    private sealed record Waiting(Guid Stream, Payment[] Events, TaskCompletionSource Done);
}
