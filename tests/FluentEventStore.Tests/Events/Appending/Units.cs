using FluentEventStore.Events;
using FluentEventStore.Serialization;
using FluentEventStore.Tests.Serialization;

namespace FluentEventStore.Tests.Events.Appending;

/// <summary>Units as sessions describe them.</summary>
internal static class Units
{
    public static WaitingUnit To(IEnumerable<StreamId> streams, CancellationToken cancellationToken)
    {
        var appends = new PendingAppends(TimeProvider.System, new SessionGate());
        foreach (var stream in streams)
            appends.Append(stream, ExpectedVersion.Any, [new AccountOpened(Guid.Empty, "Ada", null)]);

        var origin = new UnitOrigin(TenantId.Default, DateTimeOffset.UnixEpoch, null, null, null);
        return new WaitingUnit(new EventUnit(origin, headers: null, appends, @sealed: null, new JsonWriter()), cancellationToken);
    }
}
