using System.Collections;
using System.ComponentModel;

namespace FluentEventStore.Commands;

/// <summary>Brings what the methods <c>Decide</c> return into one form. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Decision
{
    /// <summary>One event, or none.</summary>
    public static ValueTask<IEnumerable<object>> One(object? decided) => new(Single(decided));

    /// <inheritdoc cref="One(object)"/>
    public static async ValueTask<IEnumerable<object>> One<T>(Task<T> decided) => Single(await decided.ConfigureAwait(false));

    /// <inheritdoc cref="One(object)"/>
    public static async ValueTask<IEnumerable<object>> One<T>(ValueTask<T> decided) => Single(await decided.ConfigureAwait(false));

    /// <summary>Any number of events, which may be structs.</summary>
    public static ValueTask<IEnumerable<object>> Many(IEnumerable? decided) => new(All(decided));

    /// <inheritdoc cref="Many(IEnumerable)"/>
    public static async ValueTask<IEnumerable<object>> Many<T>(Task<T> decided) => All((IEnumerable?)await decided.ConfigureAwait(false));

    /// <inheritdoc cref="Many(IEnumerable)"/>
    public static async ValueTask<IEnumerable<object>> Many<T>(ValueTask<T> decided) =>
        All((IEnumerable?)await decided.ConfigureAwait(false));

    /// <summary>The error for a command that a decider has no method for.</summary>
    public static ArgumentException Unknown(object? command, Type decider) => command is null
        ? new ArgumentNullException(nameof(command))
        : new ArgumentException(
            $"{decider} does not decide commands of type {command.GetType()}: give it a method Decide for them.", nameof(command));

    private static IEnumerable<object> Single(object? decided) => decided is null ? [] : [decided];

    // A sequence of reference types is a sequence of objects already, and is returned as it is.
    private static IEnumerable<object> All(IEnumerable? decided) => decided?.Cast<object>() ?? [];
}
