namespace FluentEventStore.PostgresTests.Subscriptions.Controlling;

public sealed class NameTests(SubscriptionStore bank) : IClassFixture<SubscriptionStore>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_that_cannot_be_stored_is_refused_by_every_verb()
    {
        foreach (var name in (string[])["a\0b", "a\ud800b", ""])
            await RefusedAsync(name);
    }

    private async Task RefusedAsync(string name)
    {
        var subscriptions = bank.Store.Subscriptions;
        foreach (var call in (Func<Task>[])[
            () => subscriptions.PauseAsync(name, Token),
            () => subscriptions.PauseAsync(name, "red", Token),
            () => subscriptions.ResumeAsync(name, Token),
            () => subscriptions.RewindAsync(name, 0, Token),
            () => subscriptions.ResetAsync(name, 0, Token),
            () => subscriptions.SplitAsync(name, 2, Token),
            () => subscriptions.MergeAsync(name, 2, Token),
            () => subscriptions.RepartitionAsync(name, "owner", Token),
            () => subscriptions.DeleteAsync(name, Token),
            () => subscriptions.ListParkedAsync(name, Token),
            () => subscriptions.ReplayParkedAsync(name, Token),
        ])
        {
            (await call.ShouldThrowAsync<ArgumentException>()).ParamName.ShouldBe("name");
        }
    }
}
