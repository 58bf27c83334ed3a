using FluentEventStore.PostgresTests.Models;

namespace FluentEventStore.Proofs.Projections;

[Event]
public sealed record Ticked(int Number, string Note = "");

[Event]
public sealed record Stopped(int Number);

[Event]
public sealed record WearerNamed(
    Guid Wearer, [PersonalData(Subject = nameof(WearerNamed.Wearer), Replacement = WearerNamed.Forgotten)] string Name)
{
    public const string Forgotten = "(forgotten)";
}

/// <summary>An aggregate that is changed in place, remembers each event, and takes any stream.</summary>
[Aggregate]
public sealed partial class Tally
{
    public string Id { get; set; } = "";

    public int Count { get; set; }

    public string Trail { get; set; } = "";

    public void Apply(IEvent<Ticked> e) => Add(e.Version, $"{e.Data.Number}{e.Data.Note}");

    public void Apply(IEvent<Stopped> e) => Add(e.Version, $"s{e.Data.Number}");

    /// <summary>What the events of a stream lead to, without the help of the library.</summary>
    public static Tally? Of(StreamId streamId, IEnumerable<ModelEvent> events)
    {
        var tally = new Tally { Id = streamId.Value };
        foreach (var @event in events)
        {
            if (@event.Data is Ticked ticked)
                tally.Add(@event.Version, $"{ticked.Number}{ticked.Note}");
            else if (@event.Data is Stopped stopped)
                tally.Add(@event.Version, $"s{stopped.Number}");
        }

        return tally.Count == 0 ? null : tally;
    }

    private void Add(long version, string text) => (Count, Trail) = (Count + 1, $"{Trail} {version}:{text}");
}

/// <summary>An aggregate that ends and begins anew, holds personal data, and takes streams whose id is a Guid.</summary>
[Aggregate]
public sealed partial record Watch(Guid Id, int Hours, string Wearer)
{
    public static Watch Create(Ticked e) => new(Guid.Empty, e.Number, "");

    public static Watch Create(WearerNamed e) => new(Guid.Empty, 0, e.Name);

    public Watch Apply(Ticked e) => this with { Hours = Hours + e.Number };

    public Watch Apply(WearerNamed e) => this with { Wearer = e.Name };

    public static bool ShouldDelete(Stopped e) => e.Number % 2 == 0;

    /// <summary>What the events of a stream lead to, without the help of the library.</summary>
    public static Watch? Of(Guid id, IEnumerable<ModelEvent> events)
    {
        var watch = default(Watch);
        foreach (var @event in events)
        {
            watch = @event.Data switch
            {
                Ticked ticked => new Watch(id, (watch?.Hours ?? 0) + ticked.Number, watch?.Wearer ?? ""),
                WearerNamed named => new Watch(id, watch?.Hours ?? 0, named.Name),
                Stopped { Number: var number } when number % 2 == 0 => null,
                _ => watch,
            };
        }

        return watch;
    }
}

[Document("watch-note")]
public sealed record WatchNote(Guid Id, string Text);
