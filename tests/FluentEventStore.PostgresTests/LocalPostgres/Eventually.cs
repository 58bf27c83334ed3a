using System.Diagnostics;

namespace FluentEventStore.PostgresTests;

/// <summary>Waits for what another process does.</summary>
internal static class Eventually
{
    /// <summary>Ends a test that would wait for ever. Nothing on a busy machine takes as long.</summary>
    public static readonly TimeSpan HangGuard = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Runs a test that fails again, with everything anew. A test that rests on a time limit of the store or the server also fails if the
    /// machine stands still for longer. A fault fails each time.
    /// </summary>
    /// <param name="test">The test, with the limit to take, or one that the store has anyway.</param>
    /// <param name="limits">One for each time, in seconds.</param>
    public static async Task HoldsAsync(Func<TimeSpan, Task> test, params int[] limits)
    {
        foreach (var limit in limits[..^1])
        {
            try
            {
                await test(TimeSpan.FromSeconds(limit));
                return;
            }
            catch (Exception failure) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"Again, for this took too long, or is wrong: {failure.Message}");
            }
        }

        await test(TimeSpan.FromSeconds(limits[^1]));
    }

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
