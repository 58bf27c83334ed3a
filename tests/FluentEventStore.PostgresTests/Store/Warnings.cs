namespace FluentEventStore.PostgresTests.Store;

/// <summary>What a store warns of.</summary>
internal static class Warnings
{
    /// <summary>
    /// Waits until the status of the log has so many warnings, and returns them. One more comes where the machine opens the second
    /// connection of a pool too slowly.
    /// </summary>
    public static async Task<IReadOnlyList<string>> BecomeAsync(EventStore store, int count)
    {
        IReadOnlyList<string> warnings = [];
        await Eventually.BecomesTrueAsync(
            async () => (warnings = (await store.Log.StatusAsync(TestContext.Current.CancellationToken)).Warnings).Count == count,
            $"the number of warnings is {count}");
        return warnings;
    }
}
