using System.Text.RegularExpressions;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>A mistake that somebody could make in the protocol, put into the database in place of what the store does.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Shows">Whether an outcome is what comes of it.</param>
internal sealed record PlantedFault(string Name, Func<Outcome, bool> Shows)
{
    /// <summary>Changes the store's functions.</summary>
    public required Func<BankStore, Task> PlantAsync { get; init; }

    /// <summary>Whether it shows where events fail and are parked.</summary>
    public bool Parks { get; init; }

    /// <summary>Whether it shows where ranges are split and merged.</summary>
    public bool Splits { get; init; }

    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        new("a page compares neither owner, epoch nor position", static outcome => outcome.Doubled > 0)
        {
            PlantAsync = static bank => ChangeAsync(
                bank,
                "move_checkpoint",
                ("and c.owner = p_owner", ""),
                ("and c.epoch = p_epoch", ""),
                ("and c.position = p_from", "")),
        },
        new("a page that is refused is written nevertheless", static outcome => outcome.Doubled > 0)
        {
            PlantAsync = static bank => ChangeAsync(bank, "move_checkpoint", ("perform [^;]*FE030[^;]*;", "null;")),
        },
        new("a page is written without its checkpoint", static outcome => outcome.Doubled > 0)
        {
            PlantAsync = static bank => ChangeAsync(bank, "move_checkpoint", ("set position = p_to", "set position = p_from")),
        },
        new("the checkpoint runs ahead of what was handled", static outcome => outcome.Lost > 0)
        {
            PlantAsync = static bank => ChangeAsync(bank, "move_checkpoint", ("set position = p_to", "set position = p_to + 5")),
        },
        new("a parked key is free after one event", static outcome => outcome.Lost > 0)
        {
            Parks = true,
            PlantAsync = static bank => ChangeAsync(
                bank, "move_parked", ("and u.next > 0", "and false"), ("and u.next = 0", "and true")),
        },
        new("who takes over does not know what is parked", static outcome => outcome.OutOfOrder > 0)
        {
            // Of a slice that no range has, until its events are to be replayed.
            Parks = true,
            PlantAsync = static bank => bank.ExecuteAsync("""
                create function {schema}.hide_parked() returns trigger language plpgsql as $fault$
                begin
                  new.slice := case when (new.wish is null) = (new.slice >= 0) then -1 - new.slice else new.slice end;
                  return new;
                end
                $fault$;
                create trigger hide_parked before insert or update on {schema}.parked
                for each row execute function {schema}.hide_parked()
                """),
        },
        new("ranges are merged at the higher of their positions", static outcome => outcome.Lost > 0)
        {
            Splits = true,
            PlantAsync = static bank => ChangeAsync(
                bank, "merge_subscription", ("set stop_at = v_ranges.highest", "set position = v_ranges.highest")),
        },
        new("a split fences nobody, and a page does not compare the end of its range", static outcome => outcome.Doubled > 0)
        {
            Splits = true,
            PlantAsync = static async bank =>
            {
                await ChangeAsync(bank, "split_subscription", (@"owner = null, epoch = nextval\([^)]*\), claims = 0", "claims = 0"));
                await ChangeAsync(bank, "move_checkpoint", ("and c.last = p_last", ""));
            },
        },
    ];

    public override string ToString() => Name;

    /// <summary>Replaces parts of a function.</summary>
    private static async Task ChangeAsync(BankStore bank, string function, params (string Pattern, string Replacement)[] changes)
    {
        var text = (string)(await bank.ExecuteAsync(
            "select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = '{schema}' "
                + $"and p.proname = '{function}'"))!;
        foreach (var (pattern, replacement) in changes)
        {
            Regex.IsMatch(text, pattern).ShouldBeTrue($"{function} holds no '{pattern}'");
            text = Regex.Replace(text, pattern, replacement);
        }

        await bank.ExecuteAsync(text);
    }
}
