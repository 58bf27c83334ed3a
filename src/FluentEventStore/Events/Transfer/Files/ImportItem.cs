namespace FluentEventStore.Events;

/// <summary>An event that is being imported, or what a file says of a subject.</summary>
internal readonly record struct ImportItem(ImportedEvent? Event, ImportedSubject? Subject, ImportSource Source);
