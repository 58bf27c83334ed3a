using FluentEventStore;

foreach (var use in new Action[] { () => _ = new ImportedEvent("a", 1, new Paid(1)) { Timestamp = default }, () => new EventFilter().OfType<Paid>() })
{
    try
    {
        use();
    }
    catch (ArgumentException notRegistered)
    {
        Console.WriteLine(notRegistered.Message);
    }
}

[Event("paid")]
internal sealed record Paid(decimal Amount);
