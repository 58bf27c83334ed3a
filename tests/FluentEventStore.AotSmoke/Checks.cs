namespace FluentEventStore.AotSmoke;

/// <summary>Runs checks one after the other and prints a line for each.</summary>
internal sealed class Checks(TextWriter output)
{
    public bool AnyFailed { get; private set; }

    public async Task RunAsync(string name, Func<Task> check)
    {
        try
        {
            await check();
            await output.WriteLineAsync($"ok      {name}");
        }
        catch (Exception failure)
        {
            AnyFailed = true;
            await output.WriteLineAsync($"FAILED  {name}: {failure}");
        }
    }

    public static void Equal<T>(T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new InvalidOperationException($"{expected} was expected, not {actual}.");
    }

    public static void EqualItems<T>(IEnumerable<T> expected, IEnumerable<T> actual) =>
        Equal(string.Join(", ", expected), string.Join(", ", actual));

    public static async Task<T> ThrowsAsync<T>(Func<Task> action)
        where T : Exception
    {
        try
        {
            await action();
        }
        catch (T expected)
        {
            return expected;
        }

        throw new InvalidOperationException($"{typeof(T).Name} was expected.");
    }
}
