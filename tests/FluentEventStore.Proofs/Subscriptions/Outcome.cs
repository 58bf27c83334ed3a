using System.Globalization;

namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>What became of numbered events.</summary>
/// <param name="Events">How many there were.</param>
/// <param name="Lost">How many had no effect.</param>
/// <param name="Doubled">How many effects there were too many.</param>
/// <param name="OutOfOrder">How many came before one that stands before them.</param>
internal sealed record Outcome(int Events, int Lost, int Doubled, int OutOfOrder)
{
    public static Outcome None { get; } = new(0, 0, 0, 0);

    public bool IsClean => this is { Lost: 0, Doubled: 0, OutOfOrder: 0 };

    public static Outcome operator +(Outcome one, Outcome other) => new(
        one.Events + other.Events, one.Lost + other.Lost, one.Doubled + other.Doubled, one.OutOfOrder + other.OutOfOrder);

    /// <summary>Of one stream whose events are to take effect once and in their order.</summary>
    /// <param name="count">How many events it has.</param>
    /// <param name="seen">The numbers that took effect, as they did.</param>
    public static Outcome Of(int count, IReadOnlyList<int> seen)
    {
        var distinct = seen.ToHashSet();
        return new Outcome(
            count,
            Enumerable.Range(1, count).Count(number => !distinct.Contains(number)),
            seen.Count - distinct.Count,
            Jumps(seen.Distinct(), static (number, highest) => number < highest));
    }

    /// <summary>
    /// Of one stream whose events are to take effect at least once: what is repeated goes on from before, but nothing is passed over.
    /// </summary>
    /// <param name="count">How many events it has.</param>
    /// <param name="seen">The numbers that took effect, in the order of their fencing tokens.</param>
    public static Outcome OfRepeatable(int count, IReadOnlyList<int> seen) => new(
        count,
        Enumerable.Range(1, count).Except(seen).Count(),
        Doubled: 0,
        Jumps(seen, static (number, highest) => number > highest + 1));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Events} events: {Lost} lost, {Doubled} doubled, {OutOfOrder} out of order");

    private static int Jumps(IEnumerable<int> numbers, Func<int, int, bool> isJump)
    {
        var (jumps, highest) = (0, 0);
        foreach (var number in numbers)
        {
            jumps += isJump(number, highest) ? 1 : 0;
            highest = Math.Max(highest, number);
        }

        return jumps;
    }
}
