namespace GitHistory.Git;

/// <summary>Git is missing, failed, or said something that is not understood. The message is one line for the user.</summary>
internal sealed class GitException(string message, Exception? innerException = null) : Exception(message, innerException);
