using FluentEventStore.Fetching;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests;

/// <summary>Starts that wait for another one, which fetches.</summary>
public sealed class CacheLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _progress = new();
    private readonly FakeTimeProvider _clock = new();

    private BinaryCache Cache => new(_folder.Location, _clock);

    private static string ThisProcess => $"process {Environment.ProcessId}, which is fetching PostgreSQL into ";

    [Fact]
    public async Task Who_waits_for_a_quarter_of_an_hour_gives_up_and_says_for_whom_for_which_lock_and_what_to_do()
    {
        using var fetching = await LockAsync();
        using var fake = new FakePackage();
        List<string> tried = [];

        (await EndAsync(new FetchedInstallations(Cache, fake.Package, [], _progress).FindAsync(
            tried, TestContext.Current.CancellationToken))).ShouldBeEmpty();

        tried.Single().ShouldBe(
            $"Packages: waited 15 minutes for {ThisProcess}{_folder.Location} and holds the lock '{_folder.Child("fetching.lock")}'; "
            + $"if it hangs, end it and start again ({CacheFolder.Variable} names another folder than {_folder.Location})");
        _progress.ToString().TrimEnd().ShouldBe($"LocalPostgres is waiting for {ThisProcess}{_folder.Location}.");
    }

    [Fact]
    public async Task Who_waits_for_less_goes_on_when_the_other_is_done()
    {
        var fetching = await LockAsync();
        var waiting = LockAsync();
        _clock.Advance(BinaryCache.LongestWait - TimeSpan.FromSeconds(1));
        waiting.IsCompleted.ShouldBeFalse();

        fetching.Dispose();

        (await EndAsync(waiting)).Dispose();
    }

    [Fact]
    public async Task A_process_that_is_gone_is_not_named()
    {
        using var fetching = await LockAsync();
        var startedLongAgo = $"{Environment.ProcessId} 0";
        await File.WriteAllTextAsync(_folder.Child("fetching.owner"), startedLongAgo, TestContext.Current.CancellationToken);

        var failure = await Should.ThrowAsync<TimeoutException>(() => EndAsync(LockAsync()));

        failure.Message.ShouldContain(" for another process, which is fetching ");
        _progress.ToString().ShouldContain(" for another process, which is fetching ");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _progress.Dispose();
    }

    private Task<IDisposable> LockAsync() => Cache.LockAsync(_progress, TestContext.Current.CancellationToken);

    private async Task<T> EndAsync<T>(Task<T> waiting)
    {
        await Eventually.BecomesTrueAsync(
            () =>
            {
                _clock.Advance(BinaryCache.LongestWait);
                return Task.FromResult(waiting.IsCompleted);
            },
            "the wait ends");
        return await waiting;
    }
}
