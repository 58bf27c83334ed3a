namespace GitHistory.History;

internal sealed record Author(string Name, string Email);
