using System.ComponentModel;

namespace FluentEventStore.Serialization;

/// <summary>Whose a value says to be that was read, until its object tells whose it is. Kept by generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct PersonalClaim
{
    internal PersonalClaim(SubjectId subject) => Subject = subject;

    /// <summary>Whether there is anything to confirm.</summary>
    public bool IsMade => !Subject.IsDefault;

    internal SubjectId Subject { get; }
}
