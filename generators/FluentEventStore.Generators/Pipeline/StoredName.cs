
namespace FluentEventStore.Generators.Pipeline;

/// <summary>A name that a type is stored under, or a shape that an upcaster takes.</summary>
/// <param name="Kind">
/// <c>event</c>, <c>alias</c> (another name of an event), <c>document</c>, <c>message</c>, <c>aggregate</c> or <c>upcaster</c>.
/// </param>
/// <param name="Name">The name.</param>
/// <param name="Version">The version of an event type or of the shape that an upcaster takes; 1 for the others.</param>
/// <param name="TypeName">The fully qualified type without nullable annotations; of an upcaster: that of what it makes.</param>
internal sealed record StoredName(string Kind, string Name, int Version, string TypeName)
{
    public const string Event = "event";
    public const string Alias = "alias";
    public const string Upcaster = "upcaster";

    /// <summary>The assembly that declares the type; empty if it is the compiled one.</summary>
    public string Assembly { get; init; } = "";
}
