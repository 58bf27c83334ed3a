using FluentEventStore.Fetching;
using FluentEventStore.Installations;

namespace FluentEventStore.Servers;

/// <summary>The ways to get a server, in the order in which they are tried.</summary>
internal static class ServerSources
{
    /// <summary>The environment variable that says which of them are tried, in its own order.</summary>
    public const string Variable = "FLUENTEVENTSTORE_POSTGRES_SOURCES";

    public const string Installed = "installed";

    private const string Cached = "cached";
    private const string Docker = "docker";
    private const string Fetched = "fetched";

    private static readonly string[] All = [Installed, Cached, Docker, Fetched];

    /// <summary>First the server that the environment names, whichever of the others are wanted.</summary>
    public static IReadOnlyList<IServerSource> OfThisSystem()
    {
        var names = Choose(Environment.GetEnvironmentVariable(Variable));
        return
        [
            new EnvironmentSource(Environment.GetEnvironmentVariable(EnvironmentSource.Variable)),
            .. names.Select(Create),
            .. All.Except(names).Select(static name => new LeftOutSource(name)),
        ];
    }

    /// <exception cref="LocalPostgresException">A name is unknown.</exception>
    public static IReadOnlyList<string> Choose(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
            return All;

        var names = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var unknown = names.Except(All, StringComparer.Ordinal).ToList();
        return unknown.Count == 0 && names.Length > 0
            ? names
            : throw new LocalPostgresException(
                $"The environment variable {Variable} names "
                + $"{(names.Length == 0 ? "nothing" : string.Join(", ", unknown.Select(static name => $"'{name}'")))}. "
                + $"It takes some of {string.Join(", ", All)}, separated by commas, in the order in which to try them.");
    }

    private static IServerSource Create(string name) => name switch
    {
        Installed => new InstalledSource(InstallationSearch.OfThisSystem(), FreePort.Choose),
        Cached => new InstalledSource(CachedInstallations.OfThisSystem(), FreePort.Choose),
        Docker => new DockerSource(),
        _ => new InstalledSource(FetchedInstallations.OfThisSystem(), FreePort.Choose),
    };

    private sealed class LeftOutSource(string name) : IServerSource
    {
        public Task<IServer?> TryStartAsync(LocalPostgresOptions options, ICollection<string> tried, CancellationToken cancellationToken)
        {
            tried.Add($"{name}: left out by {Variable}");
            return Task.FromResult<IServer?>(null);
        }
    }
}
