namespace FluentEventStore;

/// <summary>
/// Marks the methods of an aggregate that say its natural key, such as the number of an order: one static method for each event that sets
/// it, which takes the event, as itself or as <see cref="IEvent{T}"/>, and may take <see cref="EventMetadata"/>.
/// </summary>
/// <remarks>
/// All return the same type: <see cref="string"/> (1 to 1,000 characters), <see cref="Guid"/>, <see cref="int"/>, <see cref="long"/>, or a
/// positional record struct with one of these. One that may be <see langword="null"/> then says that the aggregate has no key from that
/// event on. Within a tenant, no two streams of the aggregate have one key: saving throws <see cref="DuplicateNaturalKeyException"/>.
/// Version and position of the event are not known when the method is asked.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NaturalKeyAttribute : Attribute;
