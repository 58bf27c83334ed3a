namespace FluentEventStore;

/// <summary>A rule of the store said no. Each kind is a sealed class of its own whose properties carry the data.</summary>
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
