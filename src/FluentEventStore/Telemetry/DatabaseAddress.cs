namespace FluentEventStore.Telemetry;

/// <summary>Where connections lead, as far as it is known before one is opened.</summary>
/// <param name="Database">The name of the database; <see langword="null"/> if it is not known.</param>
/// <param name="Host">The server; <see langword="null"/> if there are several, or none is named.</param>
/// <param name="Port">Its port.</param>
internal sealed record DatabaseAddress(string? Database, string? Host, int Port)
{
    private const int UsualPort = 5432;

    /// <summary>What every span says of it.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Tags
    {
        get
        {
            if (Host is null)
                yield break;

            yield return KeyValuePair.Create<string, object?>("server.address", Host);
            if (Port != UsualPort)
                yield return KeyValuePair.Create<string, object?>("server.port", Port);
        }
    }
}
