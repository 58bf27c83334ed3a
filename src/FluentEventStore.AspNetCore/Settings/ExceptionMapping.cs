namespace FluentEventStore.AspNetCore;

/// <summary>What an exception of the application is answered with.</summary>
/// <param name="ExceptionType">The exception, and those derived from it.</param>
/// <param name="StatusCode">The status.</param>
/// <param name="Title">The title of the problem.</param>
/// <param name="Type">The URI of the problem.</param>
internal sealed record ExceptionMapping(Type ExceptionType, int StatusCode, string Title, string? Type);
