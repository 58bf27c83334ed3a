using FluentEventStore;

namespace GitHistory.History;

/// <summary>An author, known by the e-mail address.</summary>
/// <param name="Id">The id of the stream.</param>
/// <param name="Name">As in the last commit.</param>
/// <param name="Email">As git prints it, by the mailmap.</param>
/// <param name="Commits">How many commits the author wrote, merges among them.</param>
/// <param name="LinesAdded">In all of them.</param>
/// <param name="LinesRemoved">In all of them.</param>
/// <param name="LastCommit">The hash of the last one.</param>
[Aggregate]
internal sealed partial record Contributor(
    Guid Id, string Name, string Email, int Commits, long LinesAdded, long LinesRemoved, string LastCommit)
{
    public static Contributor Create(IEvent<CommitAuthored> e) =>
        new Contributor(Guid.Parse(e.StreamId.Value), "", e.Data.Author.Email, 0, 0, 0, "").Apply(e.Data);

    public Contributor Apply(CommitAuthored e) => this with
    {
        Name = e.Author.Name,
        Commits = Commits + 1,
        LinesAdded = LinesAdded + e.LinesAdded,
        LinesRemoved = LinesRemoved + e.LinesRemoved,
        LastCommit = e.Commit,
    };
}
