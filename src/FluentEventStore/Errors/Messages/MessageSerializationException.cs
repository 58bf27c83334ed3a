namespace FluentEventStore;

/// <summary>A message could not be written as JSON, or its stored JSON does not fit its type.</summary>
/// <remarks>
/// While writing: nothing was published, and the session holds what it held. While reading: the message waits as it was, and counts as one
/// that failed. What failed, such as a constructor or a converter of yours, is the <see cref="Exception.InnerException"/>.
/// </remarks>
public sealed class MessageSerializationException : FluentEventStoreException
{
    /// <param name="typeName">The stored name of the message's type.</param>
    /// <param name="place">Where in the JSON it went wrong.</param>
    /// <param name="reason">What is wrong there.</param>
    /// <param name="innerException">What failed.</param>
    public MessageSerializationException(string typeName, JsonPlace place, string reason, Exception innerException)
        : base($"A message '{typeName}' does not fit its JSON at {place.Path}: {reason}", innerException)
    {
        TypeName = typeName;
        Path = place.Path;
        Excerpt = place.Excerpt;
        Reason = reason;
    }

    /// <summary>The stored name of the message's type.</summary>
    public string TypeName { get; }

    /// <summary>Where in the JSON it went wrong, for instance <c>$.address.city</c>; <c>$</c> if it concerns the whole.</summary>
    public string Path { get; }

    /// <summary>
    /// What stands around that place, 200 characters at most. It is not part of the message, so that contents do not get into logs by
    /// themselves.
    /// </summary>
    public string Excerpt { get; }

    /// <summary>Whether it is the stored JSON that does not fit; otherwise the message could not be written.</summary>
    public bool IsStored { get; init; }

    /// <summary>What is wrong there: the message of the inner exception.</summary>
    public string Reason { get; }
}
