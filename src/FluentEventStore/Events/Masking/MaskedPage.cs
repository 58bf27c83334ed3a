namespace FluentEventStore.Events;

/// <summary>The events of a page as they are to be stored from now on.</summary>
/// <param name="Events">Those that are masked.</param>
/// <param name="Keys">The keys that encrypt their personal data. The database must have them when the events are written.</param>
internal sealed record MaskedPage(IReadOnlyList<MaskedEvent> Events, IReadOnlyList<UsedKeys> Keys);
