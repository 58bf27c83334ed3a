namespace FluentEventStore.Events;

/// <summary>The events of a page as they are to be stored from now on.</summary>
/// <param name="Events">Those that are masked.</param>
/// <param name="Keys">The keys that their personal data is encrypted with, which the database has to have when they are written.</param>
internal sealed record MaskedPage(IReadOnlyList<MaskedEvent> Events, IReadOnlyList<UsedKeys> Keys);
