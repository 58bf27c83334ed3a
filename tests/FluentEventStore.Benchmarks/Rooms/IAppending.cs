using FluentEventStore.Benchmarks.Payloads;

namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Writes events. Every call is one session and one commit.</summary>
internal interface IAppending
{
    /// <summary>Starts a stream that must be new.</summary>
    Task StartStreamAsync(Guid stream, Payment[] events);

    /// <summary>Starts several streams, each with all the events, in one commit.</summary>
    Task StartStreamsAsync(Guid[] streams, Payment[] eventsOfEach);

    /// <summary>Appends without an expectation.</summary>
    Task AppendAsync(Guid stream, Payment[] events);
}
