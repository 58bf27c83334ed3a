namespace FluentEventStore.Proofs.Subscriptions;

/// <summary>The events of a stream are numbered: 1, 2, 3.</summary>
[Event("counted")]
public sealed record Counted(int Number);

/// <summary>Written by a handler that was given <see cref="Counted"/>.</summary>
[Event("number-copied")]
public sealed record NumberCopied(int Number);

/// <summary>Which numbers of a stream a handler was given, in that order.</summary>
[Document("numbers-seen")]
public sealed record NumbersSeen(string Id, IReadOnlyList<int> Numbers);
