namespace FluentEventStore.Benchmarks.Measuring;

/// <summary>How long and how often each contender runs each row.</summary>
internal sealed record Pace(TimeSpan WarmUp, TimeSpan Round, int Rounds)
{
    /// <summary>For figures that nobody looks at.</summary>
    public static Pace Compiling { get; } = new(TimeSpan.FromSeconds(1.5), TimeSpan.Zero, Rounds: 1);

    public static Pace Quick { get; } = new(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(150), Rounds: 5);

    /// <summary>For rows whose operations take seconds: each round is one of them.</summary>
    public static Pace Long { get; } = new(TimeSpan.Zero, TimeSpan.Zero, Rounds: 3);

    /// <summary>The same, for a quick run.</summary>
    public static Pace LongQuick { get; } = new(TimeSpan.Zero, TimeSpan.Zero, Rounds: 1);

    public static Pace Full { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(700), Rounds: 9);
}
