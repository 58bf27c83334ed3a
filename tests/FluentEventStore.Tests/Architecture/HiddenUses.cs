namespace FluentEventStore.Tests.Architecture;

/// <summary>Uses three types where no signature shows them, for the test that they are found.</summary>
internal static class HiddenUses
{
    public static object InTheBody() => new System.Text.StringBuilder().Length;

    public static Func<object, bool> InAClosure(object other) => value => value is Version && other is not null;

    public static async Task<object> InAStateMachineAsync()
    {
        await Task.Yield();
        return typeof(Uri).Name;
    }
}
