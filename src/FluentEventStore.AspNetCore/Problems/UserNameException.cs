namespace FluentEventStore.AspNetCore;

/// <summary>The name of the user cannot be written with events.</summary>
/// <param name="innerException">Why.</param>
internal sealed class UserNameException(Exception innerException) : Exception(
    "The name of the user cannot be stored: it is too long, or holds a character that the database cannot keep.", innerException);
