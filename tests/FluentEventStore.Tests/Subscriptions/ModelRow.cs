using FluentEventStore.Subscriptions;

namespace FluentEventStore.Tests.Subscriptions;

/// <summary>The row of a range, in memory.</summary>
internal sealed class ModelRow(RangeKey key)
{
    public RangeKey Key { get; } = key;

    public long Position { get; set; }

    public long Epoch { get; set; }

    public Guid? Owner { get; set; }

    public bool IsPaused { get; set; }

    public bool IsFaulted { get; set; }

    public long? StopAt { get; set; }

    public int Takeovers { get; set; }
}
