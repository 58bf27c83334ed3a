using System.Diagnostics;

namespace FluentEventStore.PostgresTests;

/// <summary>Waits for what another process does.</summary>
internal static class Eventually
{
    public static async Task BecomesTrueAsync(Func<Task<bool>> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30), what);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }
}
