using FluentEventStore.Benchmarks.Rooms;
using FluentEventStore.Benchmarks.Web;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class OurContender : IServing
{
    private RunningApplication? _application;

    public RunningApplication Serve() => _application ??= Start(Application.Ours.Built);

    public RunningApplication Start(string program) => RunningApplication.Start(program, connectionString, Schema);
}
