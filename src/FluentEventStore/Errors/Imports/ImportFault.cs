namespace FluentEventStore;

/// <summary>What is wrong with an import.</summary>
public enum ImportFault
{
    /// <summary>The version of an event is not the one after the event before: events are missing.</summary>
    Hole,

    /// <summary>A version of a stream comes twice, or after a higher one.</summary>
    RepeatedVersion,

    /// <summary>An event id comes twice, or the store has it for another event.</summary>
    RepeatedId,

    /// <summary>The store has another event at the version: another id or another type.</summary>
    DifferentEvent,

    /// <summary>The stream is archived or deleted in the store.</summary>
    ClosedStream,

    /// <summary>The event or subject is of another tenant than the one that is imported.</summary>
    OtherTenant,

    /// <summary>What is personal in an event that is given in its stored form is not known, so it cannot be encrypted.</summary>
    PersonalData,

    /// <summary>Subjects whose personal data a file holds have a key neither in it nor in the store.</summary>
    MissingKey,

    /// <summary>What is encrypted in a file was encrypted with another key than the subject has in the store, or changed since.</summary>
    OtherKey,

    /// <summary>A subject was forgotten where a file comes from, and has a key in the store.</summary>
    ForgottenElsewhere,

    /// <summary>Data or a line is not JSON, or none that PostgreSQL keeps.</summary>
    Json,

    /// <summary>The JSON of an event has more bytes than <see cref="EventOptions.MaxBytesOfEvent"/>.</summary>
    TooLarge,

    /// <summary>A line of the file is JSON, and not what stands in such a file.</summary>
    Line,

    /// <summary>The file is not UTF-8 without a byte order mark.</summary>
    Encoding,

    /// <summary>The file is of a format that this version of the library does not know.</summary>
    UnknownFormat,

    /// <summary>The file ends before its last line: it was cut off.</summary>
    CutOff,

    /// <summary>Lines stand after the last line.</summary>
    TrailingLines,

    /// <summary>The last line counts other events, or names another hash: the file was changed.</summary>
    Changed,
}
