using FluentEventStore.Benchmarks.Contenders;
using FluentEventStore.Benchmarks.Rows;

namespace FluentEventStore.Benchmarks.Measuring;

/// <summary>One row, measured. Ratios say how many times longer the other one takes.</summary>
internal sealed record Result(Row Row, IReadOnlyDictionary<string, Figures> Figures)
{
    /// <summary>What the row is compared with that its target names; null if that was not measured before.</summary>
    public Figures? Beside { get; init; }

    /// <summary>How many times as long as beside that it takes.</summary>
    public double? VersusBeside => Beside is null ? null : Ours?.Microseconds / Beside.Microseconds;

    public Figures? Ours => Figures.GetValueOrDefault(Names.Ours);

    public Figures? Marten => Figures.GetValueOrDefault(Names.Marten);

    public Figures? Bare => Figures.GetValueOrDefault(Names.Bare);

    public double? VersusMarten => Ours is null ? null : Marten?.Microseconds / Ours.Microseconds;

    public double? VersusBare => Ours is null ? null : Bare?.Microseconds / Ours.Microseconds;

    /// <summary>What the target asks for and the row misses; empty if it misses nothing.</summary>
    public IReadOnlyList<string> Misses
    {
        get
        {
            if (Ours is null)
                return [];

            List<string> misses = [];
            Target target = Row.Target;
            if (VersusMarten < target.TimesMarten)
                misses.Add("Marten");

            if (VersusBare * target.TimesBare < 1)
                misses.Add("bare");

            if (Ours.Bytes > Marten?.Bytes * target.ShareOfMartenBytes)
                misses.Add("bytes");

            if (target.IsP99NoWorse && Ours.P99 > Marten?.P99)
                misses.Add("p99");

            if (Ours.P99 * target.TimesMartenP99 > Marten?.P99)
                misses.Add("p99 of Marten");

            if (Ours.P50 > target.P50)
                misses.Add("p50");

            if (Ours.P99 > target.P99)
                misses.Add("p99");

            if (VersusBeside > target.TimesBeside)
                misses.Add(target.Beside!);

            if (Ours.HeapGrowth > target.HeapGrowth)
                misses.Add("heap");

            if (Ours.PerSecond < target.PerSecond)
                misses.Add("per second");

            if (Ours.Failures > 0)
                misses.Add("failures");

            return misses;
        }
    }
}
