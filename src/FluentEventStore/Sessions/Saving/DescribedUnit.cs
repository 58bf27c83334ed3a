using FluentEventStore.Documents;
using FluentEventStore.Events;

namespace FluentEventStore.Sessions;

/// <summary>
/// What a session is to write, as it was when saving began. Later changes to the session, or to what it was given, do not reach it.
/// </summary>
/// <param name="Origin">Whose unit it is, and when it was saved.</param>
/// <param name="Id">The id that it is recorded by, if it is recorded.</param>
/// <param name="Events">What it does to events; <see langword="null"/> if nothing.</param>
/// <param name="Documents">The documents that it changes.</param>
internal sealed record DescribedUnit(UnitOrigin Origin, Guid? Id, EventUnit? Events, DocumentChange[] Documents);
