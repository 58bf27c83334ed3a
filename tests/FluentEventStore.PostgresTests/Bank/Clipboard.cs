namespace FluentEventStore.PostgresTests.Bank;

/// <summary>Has an id that is a text, and not that of its stream.</summary>
[Aggregate]
public sealed partial record Clipboard(string Id)
{
    public static Clipboard Create(NoteTaken e) => new(e.Text);
}
