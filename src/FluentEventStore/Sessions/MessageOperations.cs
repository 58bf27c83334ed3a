using System.Diagnostics;
using FluentEventStore.Events;
using FluentEventStore.Messages;

namespace FluentEventStore.Sessions;

internal sealed class MessageOperations(UnitOfWork unit, StoreWriting store, SessionGate gate) : IMessageOperations
{
    private const int MaxLength = 250;

    public Guid Publish(object message) => Publish(message, key: null);

    public Guid Publish(object message, string? key)
    {
        gate.Check();
        var pending = Describe(message, key, due: null);
        unit.Messages.Add(pending);
        return pending.Id;
    }

    public Guid Schedule(DateTimeOffset at, object message) => Schedule(at, message, name: null, key: null);

    public Guid Schedule(DateTimeOffset at, object message, string? name) => Schedule(at, message, name, key: null);

    public Guid Schedule(DateTimeOffset at, object message, string? name, string? key)
    {
        gate.Check();
        if (name is not null)
            StorableText.CheckKey(name, "name of a scheduled message", MaxLength);

        var instant = at.ToUniversalTime();
        var pending = Describe(message, key, instant.AddTicks(-(instant.Ticks % TimeSpan.TicksPerMicrosecond)));
        if (name is null)
            unit.Messages.Add(pending);
        else
            unit.Messages.Set(name, pending);

        return pending.Id;
    }

    public void Cancel(string name)
    {
        gate.Check();
        StorableText.CheckKey(name, "name of a scheduled message", MaxLength);
        unit.Messages.Set(name, message: null);
    }

    private PendingMessage Describe(object message, string? key, DateTimeOffset? due)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (key is not null)
            StorableText.CheckKey(key, "key of a message", MaxLength);

        if (!MessageCatalog.TryGet(message.GetType(), out var type))
            throw new ArgumentException(
                $"{message.GetType()} is not a message: mark it with [Message], in a project that refers to FluentEventStore.",
                nameof(message));

        var json = type.Encode(message);
        if (json.Length > store.MaxBytesOfMessage)
            throw new MessageTooLargeException(type.Name, json.Length, store.MaxBytesOfMessage);

        return new PendingMessage(NewId.At(store.TimeProvider.GetUtcNow()), type, json, key, due, TraceOf(Activity.Current));
    }

    private static string? TraceOf(Activity? span) => span is { IdFormat: ActivityIdFormat.W3C } ? span.Id : null;
}
