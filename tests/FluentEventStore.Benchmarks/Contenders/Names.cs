namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>The names of the contenders in tables and files.</summary>
internal static class Names
{
    public const string Ours = "ours";

    public const string Marten = "Marten";

    public const string TunedMarten = "Marten tuned";

    public const string Bare = "bare";

    public const string Combined = "combined";
}
