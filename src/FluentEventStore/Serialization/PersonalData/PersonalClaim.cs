using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>What a value of personal data says of itself, until its object tells whose it is. Kept by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct PersonalClaim
{
    internal PersonalClaim(SubjectId subject) => Subject = subject;

    internal PersonalClaim(int start, int end) => (Start, End) = (start, end);

    /// <summary>Whether there is anything to confirm.</summary>
    public bool IsMade => !Subject.IsDefault || End > 0;

    /// <summary>For an encrypted value: the subject that it names.</summary>
    internal SubjectId Subject { get; }

    /// <summary>For a plain value that is looked for: where it begins in the JSON of the event.</summary>
    internal int Start { get; }

    /// <summary>For a plain value that is looked for: where it ends.</summary>
    internal int End { get; }
}
