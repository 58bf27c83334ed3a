namespace FluentEventStore.AotSmoke;

/// <summary>How many accounts an owner has opened.</summary>
[Document]
public sealed record Owned(string Id, int Accounts);

[Projection("owned")]
public sealed partial class OwnedProjection : MultiStreamProjection<Owned, string>
{
    private readonly int _step = 1;

    public static string Identity(AccountOpened e) => e.Owner;

    public static Owned Create(AccountOpened e) => new(e.Owner, 1);

    public Owned Apply(AccountOpened e, Owned view) => view with { Accounts = view.Accounts + Step(e) };

    private int Step(AccountOpened e) => e.Owner.Length > 0 ? _step : 0;
}

/// <summary>How much was moved under a tag.</summary>
[Document]
public sealed record Moved(string Id, decimal Amount);

[Projection(Version = 2)]
public sealed partial class MovedProjection : MultiStreamProjection<Moved, string>
{
    public static IEnumerable<string> Identities(MoneyMoved e) => e.Tags.Values;

    public static Moved? Evolve(Moved? view, IEvent<MoneyMoved> e) =>
        e.Data.Amount == 0 ? null : new("", (view?.Amount ?? 0) + e.Data.Amount);
}
