using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>What a value that is personal data says of itself, until its object tells whose it is. Kept by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct PersonalClaim
{
    internal PersonalClaim(SubjectId subject) => Subject = subject;

    internal PersonalClaim(int start, int end) => (Start, End) = (start, end);

    /// <summary>Whether there is anything to confirm.</summary>
    public bool IsMade => !Subject.IsDefault || End > 0;

    /// <summary>Of an encrypted value: whose it says to be.</summary>
    internal SubjectId Subject { get; }

    /// <summary>Of a plain value that somebody looks for: where it stands in the JSON of the event.</summary>
    internal int Start { get; }

    /// <summary>Of a plain value that somebody looks for: where it ends.</summary>
    internal int End { get; }
}
