namespace FluentEventStore.Events;

/// <summary>What a unit does with a value that only one stream may hold. The numbers are those that the database function takes.</summary>
internal enum ReservationVerb : short
{
    /// <summary>The stream holds the value from now on, besides others that it holds.</summary>
    Reserve = 1,

    /// <summary>The stream holds it no longer.</summary>
    Release = 2,

    /// <summary>The stream holds the value and no other of the name; without a value, none of the name.</summary>
    Set = 3,
}
