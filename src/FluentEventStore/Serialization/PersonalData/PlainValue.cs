namespace FluentEventStore.Serialization;

/// <summary>A value that is personal data and is in plain text in the JSON of an event.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="PropertyName">Its name in JSON.</param>
/// <param name="Subject">Whose it is.</param>
internal readonly record struct PlainValue(int Start, int End, string PropertyName, SubjectId Subject);
