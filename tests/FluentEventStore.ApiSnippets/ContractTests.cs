using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets;

public sealed class ContractTests
{
    [Fact]
    public void Stored_events_can_be_read() => EventContracts.Verify(typeof(MoneyDeposited).Assembly);
}
