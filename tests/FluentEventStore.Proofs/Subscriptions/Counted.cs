namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>The events of a stream are numbered: 1, 2, 3.</summary>
[Event("counted")]
public sealed record Counted(int Number);

/// <summary>Written by a handler that was given <see cref="Counted"/>.</summary>
[Event("number-copied")]
public sealed record NumberCopied(int Number);

/// <summary>What a handler was given of a stream.</summary>
/// <param name="Id">The stream.</param>
/// <param name="Last">The highest number.</param>
/// <param name="Missed">How many were passed over.</param>
/// <param name="Repeated">How many came again, or too late.</param>
[Document("numbers-seen")]
public sealed record NumbersSeen(string Id, int Last, int Missed, int Repeated)
{
    public NumbersSeen With(int number) => number > Last
        ? this with { Last = number, Missed = Missed + number - Last - 1 }
        : this with { Repeated = Repeated + 1 };
}
