namespace FluentEventStore;

/// <summary>What is wrong with an import.</summary>
public enum ImportFault
{
    /// <summary>The version of an event does not follow the one before: events are missing.</summary>
    Hole,

    /// <summary>A version of a stream comes twice, or after a higher one.</summary>
    RepeatedVersion,

    /// <summary>An event id comes twice, or the store has it for another event.</summary>
    RepeatedId,

    /// <summary>The store has another event at the version: another id or another type.</summary>
    DifferentEvent,

    /// <summary>The stream is archived or deleted in the store.</summary>
    ClosedStream,

    /// <summary>The event sets a natural key that another stream has, that cannot be stored, or that cannot be read from it.</summary>
    NaturalKey,

    /// <summary>The event or subject is of another tenant than the one that is imported.</summary>
    OtherTenant,

    /// <summary>An event is given in its stored form and it is not known what in it is personal, so that cannot be encrypted.</summary>
    PersonalData,

    /// <summary>The file holds personal data of subjects whose key is neither in it nor in the store.</summary>
    MissingKey,

    /// <summary>Personal data in the file was encrypted with another key than the subject has in the store, or was changed since.</summary>
    OtherKey,

    /// <summary>A subject was forgotten in the store that the file comes from, but has a key in this one.</summary>
    ForgottenElsewhere,

    /// <summary>Data or a line is not JSON, or is JSON that PostgreSQL cannot keep.</summary>
    Json,

    /// <summary>The JSON of an event has more bytes than <see cref="EventOptions.MaxBytesOfEvent"/>.</summary>
    TooLarge,

    /// <summary>A line of the file is JSON, but not what belongs in such a file.</summary>
    Line,

    /// <summary>The file is not UTF-8 without a byte order mark.</summary>
    Encoding,

    /// <summary>The file is of a format that this version of the library does not know.</summary>
    UnknownFormat,

    /// <summary>The file ends before its last line: it was cut off.</summary>
    CutOff,

    /// <summary>Lines stand after the last line.</summary>
    TrailingLines,

    /// <summary>The last line has another count of events or another hash: the file was changed.</summary>
    Changed,
}
