namespace FluentEventStore;

/// <summary>
/// Marks a property of an event, or of a record within one, as personal data: its value is stored encrypted, with a key of the person whom
/// it belongs to. <c>store.Privacy.ForgetAsync</c> destroys the key; the events stay, and the value reads as its replacement.
/// </summary>
/// <remarks>
/// A field with <c>[JsonInclude]</c> counts as a property. On a parameter of a record's primary constructor the attribute applies to the
/// property. It also holds for properties that override this one. Once events are stored, keep it, like a stored name: without it the value
/// cannot be read. It may be added later: values stored before are read as they are. <see langword="null"/> is stored as it is.
/// </remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class PersonalDataAttribute : Attribute
{
    /// <summary>The property of the same type that says whose data it is.</summary>
    /// <value>
    /// The name of a public property of type <see cref="Guid"/>, <see cref="string"/>, <see cref="int"/>, <see cref="long"/> or a typed
    /// stream id.
    /// </value>
    public required string Subject { get; set; }

    /// <summary>What a text reads as when its subject is forgotten.</summary>
    /// <value>
    /// For properties of type <see cref="string"/> only. Default: <see langword="null"/> if the property may be null, else the empty
    /// text. Other types read as <see langword="null"/> or their default value.
    /// </value>
    public string? Replacement { get; set; }
}
