using System.Globalization;
using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets.Pages;

// begin-snippet: projection
[Document("monthly-turnover")]
public sealed record MonthlyTurnover(string Id, decimal Deposited, int Deposits);

[Projection("monthly-turnover", Version = 1)]
public sealed partial class MonthlyTurnoverProjection : MultiStreamProjection<MonthlyTurnover, string>
{
    public static string Identity(MoneyDeposited e) => Month(e.At);

    public static MonthlyTurnover Create(MoneyDeposited e) => new(Month(e.At), e.Amount, 1);

    public static MonthlyTurnover Apply(MoneyDeposited e, MonthlyTurnover view) =>
        view with { Deposited = view.Deposited + e.Amount, Deposits = view.Deposits + 1 };

    private static string Month(DateTimeOffset at) => at.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}

// end-snippet

// begin-snippet: evolve
[Document]
public sealed record OwnerAccounts(string Id, int Open);

[Projection]
public sealed partial class OwnerAccountsProjection : MultiStreamProjection<OwnerAccounts, string>
{
    public static IEnumerable<string> Identities(AccountOpened e) => e.Owner.Split(" & ");

    public static OwnerAccounts? Evolve(OwnerAccounts? view, AccountOpened e) => new("", (view?.Open ?? 0) + 1);
}

// end-snippet
