using FluentEventStore.Benchmarks.Payloads;

namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Writes many events of another source at once.</summary>
internal interface IImporting
{
    /// <summary>Imports streams that are new, each with all the events, in chunks.</summary>
    Task ImportAsync(Guid[] streams, Payment[] eventsOfEach);
}
