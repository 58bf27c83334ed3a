namespace FluentEventStore.AotSmoke.Contracts;

/// <summary>An event of a referenced assembly. No call makes it known.</summary>
[Event("parcel-sent")]
public sealed record ParcelSent(Guid ParcelId, string To, decimal Weight, IReadOnlyList<string> Items);

/// <summary>Its next shape is declared by the program.</summary>
[Event("parcel-weighed")]
public sealed record ParcelWeighedV1(decimal Kilograms);
