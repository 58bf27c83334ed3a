namespace FluentEventStore.PostgresTests.Models;

/// <remarks>FLUENTEVENTSTORE_LONG=1 takes 40,000 steps.</remarks>
public sealed class DocumentModelTests(SnapshotStore bank) : IClassFixture<SnapshotStore>
{
    private static readonly int Steps = LongForm.Of(1_200, 40_000);

    [Fact]
    public async Task Sessions_that_change_documents_with_and_without_expectations_do_what_a_model_in_memory_does()
    {
        await using var run = new DocumentModelRun(bank, Random.Shared.Next());
        await run.RunAsync(Steps);

        // Each of the ways to end was taken.
        foreach (var outcome in (string[])["written", "known", nameof(DocumentConflictException), nameof(DocumentNotFoundException)])
            run.Outcomes.GetValueOrDefault(outcome).ShouldBePositive(outcome);
    }
}
