namespace FluentEventStore;

/// <summary>A stored event has a type that no registered type has.</summary>
/// <remarks>Reference the assembly that declares it from a project that the source generator runs in, or add it by <c>options.Events.AddAssembly</c>.</remarks>
public sealed class UnknownEventTypeException : EventException
{
    internal UnknownEventTypeException(EventLocation location)
        : base(location, $"{location}: no type is registered for it.")
    {
    }
}
