namespace FluentEventStore.Postgres;

/// <summary>A plain lower-case name, quoted for SQL.</summary>
internal readonly struct SqlIdentifier(string name)
{
    public string Name { get; } = name;

    public override string ToString() => $"\"{Name}\"";
}
