using System.ComponentModel;

namespace FluentEventStore.Commands;

/// <summary>Makes one result of what the methods <c>Decide</c> return. Called by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Decision
{
    /// <summary>One event, or none.</summary>
    public static ValueTask<IEnumerable<object>> One(object? decided) => new(Listed(decided));

    /// <inheritdoc cref="One(object)"/>
    public static async ValueTask<IEnumerable<object>> One<T>(Task<T> decided) => Listed(await decided.ConfigureAwait(false));

    /// <inheritdoc cref="One(object)"/>
    public static async ValueTask<IEnumerable<object>> One<T>(ValueTask<T> decided) => Listed(await decided.ConfigureAwait(false));

    /// <summary>Any number of events.</summary>
    public static ValueTask<IEnumerable<object>> Many(IEnumerable<object>? decided) => new(decided ?? []);

    /// <inheritdoc cref="Many(IEnumerable{object})"/>
    public static async ValueTask<IEnumerable<object>> Many<T>(Task<T> decided)
        where T : IEnumerable<object>? => await decided.ConfigureAwait(false) ?? (IEnumerable<object>)[];

    /// <inheritdoc cref="Many(IEnumerable{object})"/>
    public static async ValueTask<IEnumerable<object>> Many<T>(ValueTask<T> decided)
        where T : IEnumerable<object>? => await decided.ConfigureAwait(false) ?? (IEnumerable<object>)[];

    /// <summary>The error for a command that a decider has no method for.</summary>
    public static ArgumentException Unknown(object? command, Type decider) => command is null
        ? new ArgumentNullException(nameof(command))
        : new ArgumentException($"{decider} decides no command of type {command.GetType()}.", nameof(command));

    private static IEnumerable<object> Listed(object? decided) => decided is null ? [] : [decided];
}
