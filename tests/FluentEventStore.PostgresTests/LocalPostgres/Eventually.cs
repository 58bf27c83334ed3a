using System.Diagnostics;

namespace FluentEventStore.PostgresTests;

/// <summary>Waits for what another process does.</summary>
internal static class Eventually
{
    /// <summary>Ends a test that would wait for ever. Nothing on a busy machine takes as long.</summary>
    public static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(3);

    public static async Task BecomesTrueAsync(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            watch.Elapsed.ShouldBeLessThan(HangGuard, what);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }
}
