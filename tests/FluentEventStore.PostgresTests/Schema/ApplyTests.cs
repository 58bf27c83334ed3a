using System.Diagnostics;

namespace FluentEventStore.PostgresTests.Schema;

public sealed class ApplyTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_apply_creates_everything_and_the_second_does_nothing()
    {
        await using var store = new StoreFixture(server);
        var watch = Stopwatch.StartNew();

        var first = await store.Schema.ApplyAsync(Cancelled);
        var firstTook = watch.Elapsed;
        watch.Restart();
        var second = await store.Schema.ApplyAsync(Cancelled);
        TestContext.Current.TestOutputHelper?.WriteLine($"first {firstTook.TotalMilliseconds:F1} ms, second {watch.Elapsed.TotalMilliseconds:F1} ms");

        first.Applied.ShouldContain("create schema");
        first.Drift.ShouldBeEmpty();
        second.Applied.ShouldBeEmpty();
        second.Drift.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_check_after_an_apply_finds_nothing_in_any_object()
    {
        await using var store = new StoreFixture(server);
        await store.Schema.ApplyAsync(Cancelled);
        await store.ExecuteAsync("update {s}.store set fingerprint = 'another'");

        var report = await store.Schema.ApplyAsync(Cancelled);

        report.Applied.ShouldBeEmpty();
        report.Drift.ShouldBeEmpty();
        (await store.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
    }
}
