using System.Globalization;

namespace FluentEventStore;

/// <summary>The JSON of a message is larger than the store takes.</summary>
/// <remarks>
/// Nothing was published, and the session holds what it held. Keep large content elsewhere and its address in the message, or raise
/// <c>options.Messages.MaxBytesOfMessage</c>.
/// </remarks>
public sealed class MessageTooLargeException : FluentEventStoreException
{
    /// <param name="typeName">The stored name of the message's type.</param>
    /// <param name="size">How many bytes its JSON has.</param>
    /// <param name="limit">How many it may have.</param>
    public MessageTooLargeException(string typeName, long size, long limit)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"A message '{typeName}' has {size} bytes of JSON, but the store takes at most {limit} (options.Messages.MaxBytesOfMessage)."))
    {
        TypeName = typeName;
        Size = size;
        Limit = limit;
    }

    /// <summary>The stored name of the message's type.</summary>
    public string TypeName { get; }

    /// <summary>How many bytes the JSON has, as UTF-8.</summary>
    public long Size { get; }

    /// <summary>How many it may have.</summary>
    public long Limit { get; }
}
