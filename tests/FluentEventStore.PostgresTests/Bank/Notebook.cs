namespace FluentEventStore.PostgresTests.Bank;

/// <summary>A mutable aggregate that begins with its first event, without one that creates it.</summary>
[Aggregate]
public sealed partial class Notebook
{
    public string Id { get; set; } = "";

    public List<string> Notes { get; set; } = [];

    public List<long> Versions { get; set; } = [];

    public void Apply(IEvent<NoteTaken> e)
    {
        if (e.Data.Text == "poison")
            throw new InvalidOperationException("This note cannot be taken.");

        Notes.Add(e.Data.Text);
        Versions.Add(e.Version);
    }

    public void Apply(IEvent<PositionAsked> e) => Versions.Add(e.Position);
}
