namespace FluentEventStore.Benchmarks.Measuring;

/// <summary>How long and how often each contender runs each row.</summary>
internal sealed record Pace(TimeSpan WarmUp, TimeSpan Round, int Rounds)
{
    public static Pace Quick { get; } = new(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(150), Rounds: 5);

    public static Pace Full { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(700), Rounds: 9);
}
