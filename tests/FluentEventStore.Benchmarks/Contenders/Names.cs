namespace FluentEventStore.Benchmarks.Contenders;

/// <summary>How the contenders are called in tables and files.</summary>
internal static class Names
{
    public const string Ours = "ours";

    public const string Marten = "Marten";

    public const string TunedMarten = "Marten tuned";

    public const string Bare = "bare";

    public const string Combined = "combined";
}
