using FluentEventStore.Benchmarks.Rooms;
using FluentEventStore.Benchmarks.Web;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class BareContender : IServing
{
    private RunningApplication? _application;

    public RunningApplication Serve() => _application ??= Start(Application.Bare.Built);

    public RunningApplication Start(string program) => RunningApplication.Start(program, connectionString, name);
}
