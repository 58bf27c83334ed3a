namespace FluentEventStore;

/// <summary>A rule of the store was broken. Each kind is a sealed class of its own; its properties carry the data.</summary>
/// <remarks>
/// A wrong argument is an <see cref="ArgumentException"/> at the call; a lost or refused connection is the driver's own exception.
/// </remarks>
public abstract class FluentEventStoreException : Exception
{
    private protected FluentEventStoreException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
