using FluentEventStore.Generators.Modelling;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>A case of a switch: the events or commands of a type, and the method that takes them.</summary>
/// <param name="TypeName">The fully qualified type; <see langword="null"/> where the method takes every event.</param>
/// <param name="IsValueType">Whether it is a struct, which is not to be boxed.</param>
/// <param name="IsInterface">Whether it is an interface, which structs may implement too.</param>
/// <param name="Call">How the method is called.</param>
internal sealed record CaseModel(string? TypeName, bool IsValueType, bool IsInterface, CallModel Call);

/// <summary>How a method is called.</summary>
internal sealed record CallModel(string Method, bool IsStatic, Returned Returned, EquatableArray<CallArgument> Arguments)
{
    public bool NeedsState => !IsStatic || Takes(Argument.State);

    public bool Takes(Argument kind) => Arguments.Any(argument => argument.Kind == kind);
}

/// <summary>An argument of a call; a record, since the items of an <see cref="EquatableArray{T}"/> compare themselves.</summary>
internal sealed record CallArgument(Argument Kind);

/// <summary>What is passed for a parameter.</summary>
internal enum Argument
{
    /// <summary>The data of the event.</summary>
    Data,

    /// <summary>The event with typed data.</summary>
    Event,

    /// <summary>The event, whatever its data.</summary>
    AnyEvent,

    /// <summary>What is known of the event beside its data.</summary>
    Metadata,

    Command,
    State,
    Session,
    CancellationToken,
}

/// <summary>What a method returns.</summary>
internal enum Returned
{
    Nothing,
    Value,

    /// <summary>A sequence of events, or a task of one.</summary>
    Values,

    Task,
    ValueTask,
}
