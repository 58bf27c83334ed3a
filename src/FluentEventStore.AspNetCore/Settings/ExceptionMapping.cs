namespace FluentEventStore.AspNetCore;

/// <summary>What an exception of the application is answered with.</summary>
/// <param name="ExceptionType">The exception, and those derived from it.</param>
/// <param name="StatusCode">The status.</param>
/// <param name="Title">The title of the problem.</param>
/// <param name="Type">The URI of the problem.</param>
internal sealed record ExceptionMapping(Type ExceptionType, int StatusCode, string Title, string? Type)
{
    /// <summary>The one for the type of a failure, or else for the nearest type that it is derived from.</summary>
    public static ExceptionMapping? Find(List<ExceptionMapping> mappings, Exception failure)
    {
        var nearest = default(ExceptionMapping);
        foreach (var mapping in mappings)
        {
            if (mapping.ExceptionType.IsInstanceOfType(failure)
                && (nearest is null
                    || (mapping.ExceptionType != nearest.ExceptionType && mapping.ExceptionType.IsAssignableTo(nearest.ExceptionType))))
                nearest = mapping;
        }

        return nearest;
    }
}
