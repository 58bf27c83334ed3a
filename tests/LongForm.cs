namespace FluentEventStore;

/// <summary>The long form of proofs and models: FLUENTEVENTSTORE_LONG=1 asks for it.</summary>
internal static class LongForm
{
    private static bool IsAskedFor { get; } = Environment.GetEnvironmentVariable("FLUENTEVENTSTORE_LONG") is { Length: > 0 };

    /// <summary>How much is tried: the first number, or the second in the long form.</summary>
    public static int Of(int usual, int longer) => IsAskedFor ? longer : usual;
}
