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

        // Each of the ways to end was taken: the rarest takes a connection that breaks at the right moment.
        string[] outcomes = ["written", "known", nameof(DocumentConflictException), nameof(DocumentNotFoundException)];
        for (var round = 0; round < 5 && outcomes.Any(outcome => run.Outcomes.GetValueOrDefault(outcome) == 0); round++)
            await run.RunAsync(Steps);

        foreach (var outcome in outcomes)
            run.Outcomes.GetValueOrDefault(outcome).ShouldBePositive(outcome);
    }
}
