namespace GitHistory;

/// <summary>The command line makes no sense. The message continues the program's name.</summary>
internal sealed class UsageException(string message) : Exception(message);
