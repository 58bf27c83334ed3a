namespace FluentEventStore.Proofs.Events.Privacy;

/// <summary>
/// Anything is done to events with personal data, through several stores that have keys at hand. Each reads what a model in memory says.
/// </summary>
/// <remarks>FLUENTEVENTSTORE_LONG=1 takes twenty times as many steps.</remarks>
public sealed class PrivacyModelTests(PostgresServer server)
{
    private static readonly int Steps = LongForm.Of(600, 12_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_read_is_what_was_appended_or_its_replacement(bool losesKeys)
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        await using var bank = new BankStore(server);
        await bank.InitializeAsync();
        await using var target = new BankStore(server);
        try
        {
            await new PrivacyModelRun(bank, target, seed) { LosesKeys = losesKeys }.RunAsync(Steps);
        }
        catch (Exception failure)
        {
            Assert.Fail($"Seed {seed}: {failure}");
        }
    }
}
