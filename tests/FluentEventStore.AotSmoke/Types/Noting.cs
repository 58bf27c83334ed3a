using System.Collections.Concurrent;

namespace FluentEventStore.AotSmoke;

[EventHandler]
internal sealed partial class Noting(ConcurrentQueue<string> notes)
{
    public void Handle(AccountOpened opened) => notes.Enqueue(opened is null ? "" : "handler");
}
