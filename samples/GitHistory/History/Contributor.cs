using FluentEventStore;

namespace GitHistory.History;

/// <summary>An author, known by the e-mail address.</summary>
[Aggregate]
internal sealed partial record Contributor
{
    /// <summary>The id of the author's stream.</summary>
    public Guid Id { get; init; }

    /// <summary>As in the last commit.</summary>
    public string Name { get; init; } = "";

    public string Email { get; init; } = "";

    /// <summary>How many commits the author wrote, merges among them.</summary>
    public int Commits { get; init; }

    public long LinesAdded { get; init; }

    public long LinesRemoved { get; init; }

    public static Contributor Create(CommitAuthored e) => new Contributor().Apply(e);

    public Contributor Apply(CommitAuthored e) => this with
    {
        Name = e.Author.Name,
        Email = e.Author.Email,
        Commits = Commits + 1,
        LinesAdded = LinesAdded + e.LinesAdded,
        LinesRemoved = LinesRemoved + e.LinesRemoved,
    };
}
