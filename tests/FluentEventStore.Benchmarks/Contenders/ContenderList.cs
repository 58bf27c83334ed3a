using System.Collections;

namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>Contenders that start and end together.</summary>
internal sealed class ContenderList(IReadOnlyList<IContender> contenders) : IReadOnlyList<IContender>, IAsyncDisposable
{
    public int Count => contenders.Count;

    public IContender this[int index] => contenders[index];

    public async Task StartAsync()
    {
        foreach (IContender contender in contenders)
            await contender.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IContender contender in contenders)
            await contender.DisposeAsync();
    }

    public IEnumerator<IContender> GetEnumerator() => contenders.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
