namespace FluentEventStore;

/// <summary>What the database holds that the store does not ask for, or asks for differently.</summary>
public enum SchemaDriftKind
{
    /// <summary>A column that the store does not know.</summary>
    Column,

    /// <summary>An index that the store does not know.</summary>
    Index,

    /// <summary>A foreign key that the store does not know.</summary>
    ForeignKey,

    /// <summary>A check constraint that the store does not know.</summary>
    Constraint,

    /// <summary>A trigger that the store does not know.</summary>
    Trigger,

    /// <summary>A default, a storage parameter or row security that was changed by hand.</summary>
    Setting,
}
