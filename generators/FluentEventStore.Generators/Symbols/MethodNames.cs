namespace FluentEventStore.Generators.Symbols;

/// <summary>The names of the methods that generated code calls.</summary>
internal static class MethodNames
{
    public const string Create = "Create";
    public const string Apply = "Apply";
    public const string ShouldDelete = "ShouldDelete";
    public const string Handle = "Handle";
    public const string Decide = "Decide";
    public const string Evolve = "Evolve";
    public const string Identity = "Identity";
    public const string Identities = "Identities";
    public const string Project = "Project";

    private static readonly string[] Synchronous = [Create, Apply, ShouldDelete, Evolve, Identity, Identities];
    private static readonly string[] PossiblyAsynchronous = [Handle, Decide, Project];

    /// <summary>Whether methods of a name are called.</summary>
    public static bool AreCalled(string name) => Synchronous.Contains(name) || PossiblyAsynchronous.Any(method => Is(name, method));

    /// <summary>Whether a name is that of a method that may return a task, and may say so.</summary>
    public static bool Is(string name, string method) => name == method || name == method + "Async";
}
