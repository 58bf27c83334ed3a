using FluentEventStore.Benchmarks.Web;

namespace FluentEventStore.Benchmarks.Rooms;

/// <summary>Serves an application that appends an event for each POST, in a process of its own.</summary>
internal interface IServing
{
    /// <summary>Starts the application as it was built, unless that was done before. It ends with the contender.</summary>
    RunningApplication Serve();

    /// <summary>Starts the application anew, in the form that it was published in.</summary>
    RunningApplication Start(string program);
}
