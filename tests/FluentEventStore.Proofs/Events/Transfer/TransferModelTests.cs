namespace FluentEventStore.Proofs.Events.Transfer;

/// <summary>A copy is like its original, whatever was done to that before. It stays like it when the same is done to both.</summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 makes twenty times as many copies.</remarks>
public sealed class TransferModelTests(PostgresServer server)
{
    private static readonly int Copies = LongForm.Of(3, 60);

    [Fact]
    public async Task A_copy_is_and_stays_like_its_source()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        await using var source = new BankStore(server);
        await source.InitializeAsync();
        var random = new Random(seed);
        await using var original = new TransferModelStore(source);
        var run = new TransferModelRun(original, random);
        try
        {
            for (var number = 0; number < Copies; number++)
            {
                await using var target = new BankStore(server);
                await target.InitializeAsync();
                await using var copy = new TransferModelStore(target);
                await run.RunAsync(copy);
            }
        }
        catch (Exception failure)
        {
            Assert.Fail($"Seed {seed}: {failure}\n{run.Trace}");
        }
    }
}
