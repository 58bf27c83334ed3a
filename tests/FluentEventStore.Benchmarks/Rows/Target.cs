namespace FluentEventStore.Benchmarks.Rows;

/// <summary>What a row must reach; null asks for nothing.</summary>
internal sealed record Target
{
    /// <summary>How many times faster than Marten.</summary>
    public double? TimesMarten { get; init; }

    /// <summary>How many times the cost of bare Npgsql is allowed; below 1 it must be cheaper.</summary>
    public double? TimesBare { get; init; }

    /// <summary>The allowed part of the bytes that Marten allocates.</summary>
    public double? ShareOfMartenBytes { get; init; }

    /// <summary>Whether one of a hundred operations may take no longer than with Marten.</summary>
    public bool IsP99NoWorse { get; init; }

    /// <summary>How long half of the operations may take at most, in microseconds.</summary>
    public double? P50 { get; init; }

    /// <summary>How long 99 of a hundred operations may take at most, in microseconds.</summary>
    public double? P99 { get; init; }

    /// <summary>How many times shorter than with Marten 99 of a hundred operations must be.</summary>
    public double? TimesMartenP99 { get; init; }

    /// <summary>The name of another row whose figure of ours this row's is compared with.</summary>
    public string? Beside { get; init; }

    /// <summary>How many times as long as <see cref="Beside"/> it may take.</summary>
    public double? TimesBeside { get; init; }

    /// <summary>By how many bytes the heap may grow, as it is after collections.</summary>
    public long? HeapGrowth { get; init; }

    /// <summary>Operations a second.</summary>
    public double? PerSecond { get; init; }

    /// <summary>How long EventStore for Elixir took for an operation in another run, in microseconds.</summary>
    public double? ElixirMicroseconds { get; init; }

    /// <summary>How many times faster than EventStore for Elixir.</summary>
    public double? TimesElixir { get; init; }
}
