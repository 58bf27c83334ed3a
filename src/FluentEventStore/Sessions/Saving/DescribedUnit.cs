using FluentEventStore.Documents;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>
/// What a session wants to be written, as it was when saving began. Nothing that happens to the session or to what it was given reaches it.
/// </summary>
/// <param name="Origin">Whose it is, and when it was saved.</param>
/// <param name="Id">The id that it is recorded by, where it is.</param>
/// <param name="Events">What it does to events; <see langword="null"/> where nothing.</param>
/// <param name="Documents">The documents that it changes.</param>
internal sealed record DescribedUnit(UnitOrigin Origin, Guid? Id, EventUnit? Events, DocumentChange[] Documents);
