using FluentEventStore.PostgresTests.Bank;

namespace FluentEventStore.PostgresTests.Projections.Views;

/// <summary>What went through the accounts of an owner.</summary>
[Document]
public sealed record Turnover
{
    public required string Id { get; init; }

    public decimal In { get; init; }

    public decimal Out { get; init; }

    public int Moves { get; init; }

    public List<long> Versions { get; init; } = [];
}

/// <summary>Groups by the first characters of the account, so that accounts share views.</summary>
[Projection("turnover")]
public sealed partial class TurnoverProjection : MultiStreamProjection<Turnover, string>
{
    public static string Identity(MoneyDeposited e) => Group(e.AccountId);

    public static string? Identity(IEvent<MoneyWithdrawn> e) => e.Data.Amount == 0 ? null : Group(e.Data.AccountId);

    public static string Identity(AccountClosed e) => Group(e.AccountId);

    public static Turnover Create(IEvent<MoneyDeposited> e) =>
        new() { Id = Group(e.Data.AccountId), In = e.Data.Amount, Moves = 1, Versions = [e.Version] };

    public static Turnover Apply(IEvent<MoneyDeposited> e, Turnover view) =>
        view with { In = view.In + e.Data.Amount, Moves = view.Moves + 1, Versions = [.. view.Versions, e.Version] };

    public static Turnover Apply(MoneyWithdrawn e, Turnover view) => view with { Out = view.Out + e.Amount, Moves = view.Moves + 1 };

    public static bool ShouldDelete(AccountClosed e) => true;

    public static string Group(Guid account) => account.ToString()[..2];
}

/// <summary>How often each word stands in notes: an event concerns several views.</summary>
[Document]
public sealed class Word
{
    public string Id { get; init; } = "";

    public int Count { get; set; }
}

[Projection]
public sealed partial class WordsProjection : MultiStreamProjection<Word, string>
{
    public static IEnumerable<string> Identities(NoteTaken e) => e.Text.Split(' ');

    public static Word? Evolve(Word? word, IEvent @event)
    {
        if (@event.Data is NoteTaken { Text: "forget" })
            return null;

        word ??= new Word();
        word.Count++;
        return word;
    }
}
