namespace FluentEventStore.Fetching;

/// <summary>A package could not be fetched in one of the ways to do so.</summary>
internal sealed class FetchException(string message, Exception? innerException = null) : Exception(message, innerException);
