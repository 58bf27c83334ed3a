using System.Globalization;

namespace FluentEventStore;

/// <summary>An application was started, but its database could not be reached for as long as the start waits.</summary>
/// <remarks>
/// The last failure of the driver is the <see cref="Exception.InnerException"/>. How long the start waits is
/// <see cref="StartupOptions.DatabasePatience"/>.
/// </remarks>
public sealed class DatabaseUnavailableException(TimeSpan waited, int attempts, Exception innerException)
    : FluentEventStoreException(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The database could not be reached in {waited.TotalSeconds:0.#} s, with {attempts} attempt(s): {innerException.Message}"),
        innerException)
{
    /// <summary>How long the start tried.</summary>
    public TimeSpan Waited { get; } = waited;

    /// <summary>How often it tried.</summary>
    public int Attempts { get; } = attempts;
}
