namespace FluentEventStore.Benchmarks.Commands;

/// <summary>The command line: a command, then options, some of them with a value.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string?> _options = new(StringComparer.Ordinal);

    private Arguments(string command) => Command = command;

    public string Command { get; }

    /// <exception cref="UsageException">An argument is not an option, or an option lacks its value.</exception>
    public static Arguments Parse(IReadOnlyList<string> arguments, params ReadOnlySpan<string> withValue)
    {
        var parsed = new Arguments(arguments.Count == 0 ? "" : arguments[0]);
        for (var index = 1; index < arguments.Count; index++)
        {
            var option = arguments[index];
            if (!option.StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"'{option}' is not an option.");

            if (!withValue.Contains(option))
                parsed._options[option] = null;
            else if (++index < arguments.Count)
                parsed._options[option] = arguments[index];
            else
                throw new UsageException($"{option} needs a value.");
        }

        return parsed;
    }

    public bool Has(string option) => _options.ContainsKey(option);

    public string? this[string option] => _options.GetValueOrDefault(option);
}
