namespace FluentEventStore.ApiSnippets.Bank;

[Event("cart-item-added")]
public sealed record ItemAdded(string Product, int Quantity);

[Event("cart-checked-out")]
public sealed record CheckedOut;

public sealed record AddItem(string Product, int Quantity);

public sealed record CheckOut;

public sealed record CartState(int Items, bool IsCheckedOut);

[Decider]
public static partial class Cart
{
    public static CartState Initial { get; } = new(Items: 0, IsCheckedOut: false);

    public static ItemAdded Decide(AddItem command, CartState state) => state.IsCheckedOut
        ? throw new InvalidOperationException("The cart is checked out.")
        : new(command.Product, command.Quantity);

    public static IEnumerable<object> Decide(CheckOut command, CartState state) =>
        state is { Items: > 0, IsCheckedOut: false } ? [new CheckedOut()] : [];

    public static CartState Evolve(CartState state, ItemAdded e) => state with { Items = state.Items + e.Quantity };

    public static CartState Evolve(CartState state, CheckedOut e) => state with { IsCheckedOut = true };
}

[EventHandler]
public sealed partial class Mailer(TextWriter mail)
{
    private Task Handle(AccountOpened e, CancellationToken cancellationToken) =>
        mail.WriteAsync($"Welcome, {e.Owner}".AsMemory(), cancellationToken);

    private static void Handle(IEvent<AccountClosed> e, IDocumentSession session) =>
        session.Store(new Customer { Id = e.Data.AccountId, Name = "closed" });
}
