using FluentEventStore.Generators.Pipeline;

namespace FluentEventStore.Generators.Dispatching;

/// <summary>A case of a switch: the events or commands of a type, and the method that takes them.</summary>
/// <param name="TypeName">The fully qualified type; <see langword="null"/> if the method takes every event.</param>
/// <param name="IsValueType">Whether it is a struct, which is not to be boxed.</param>
/// <param name="IsInterface">Whether it is an interface, which structs may implement too.</param>
/// <param name="Call">How the method is called.</param>
internal sealed record CaseModel(string? TypeName, bool IsValueType, bool IsInterface, CallModel Call);

/// <summary>How a method is called.</summary>
/// <param name="Method">Its name.</param>
/// <param name="IsStatic">Whether it is static.</param>
/// <param name="DeclaredBy">
/// The base type that declares it, through which it is called; <see langword="null"/> if it is called as it is.
/// </param>
/// <param name="Returned">What it returns.</param>
/// <param name="Cast">What it is cast to, if it returns more than the base type's method says.</param>
/// <param name="Arguments">What is passed to it.</param>
internal sealed record CallModel(
    string Method, bool IsStatic, string? DeclaredBy, Returned Returned, CastModel? Cast, EquatableArray<CallArgument> Arguments)
{
    public bool NeedsState => !IsStatic || Takes(Argument.State);

    public bool Takes(Argument kind) => Arguments.Any(argument => argument.Kind == kind);
}

/// <summary>A cast of what a method returns.</summary>
/// <param name="TypeName">The type that it returns.</param>
/// <param name="ForgivesNull">Whether it is never null although the declaration says that it may be.</param>
internal sealed record CastModel(string TypeName, bool ForgivesNull);

/// <summary>An argument of a call; a record, since the items of an <see cref="EquatableArray{T}"/> compare themselves.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="TypeName">The type of the parameter, if what is passed may be of a more derived one.</param>
internal sealed record CallArgument(Argument Kind, string TypeName);

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

    /// <summary>A value that may be none.</summary>
    Optional,

    /// <summary>A sequence of events, or a task of one.</summary>
    Values,

    Task,
    ValueTask,
}
