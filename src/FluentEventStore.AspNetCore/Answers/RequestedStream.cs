using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// The stream that a client asks for, by a text or a <see cref="Guid"/> of its request. It is looked at when the result that shows the
/// stream is executed: what no stream can have as its id is answered with 400.
/// </summary>
public readonly struct RequestedStream
{
    private readonly StreamId _id;

    private RequestedStream(StreamId id) => _id = id;

    /// <summary>The stream with a text as its id.</summary>
    public static implicit operator RequestedStream(string? id)
    {
        _ = StreamId.TryParse(id, provider: null, out var streamId);
        return new RequestedStream(streamId);
    }

    /// <summary>The stream with a <see cref="Guid"/> as its id.</summary>
    public static implicit operator RequestedStream(Guid id) => new(id == Guid.Empty ? default(StreamId) : id);

    /// <summary>Its id.</summary>
    /// <exception cref="BadHttpRequestException">No stream can have it.</exception>
    public static implicit operator StreamId(RequestedStream stream) =>
        stream._id.IsDefault ? throw new BadHttpRequestException("The address names no stream.") : stream._id;

    /// <summary>A stream that the application names itself.</summary>
    /// <exception cref="ArgumentException">The id is <see langword="default"/>.</exception>
    internal static RequestedStream Of(StreamId id)
    {
        _ = id.Value;
        return new RequestedStream(id);
    }
}
