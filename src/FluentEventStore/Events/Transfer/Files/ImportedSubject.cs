namespace FluentEventStore.Events;

/// <summary>What a file says of a subject whose personal data it holds.</summary>
/// <param name="TenantId">The tenant of the subject.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Key">The key, if the file was exported with keys; otherwise says that it was destroyed.</param>
internal sealed record ImportedSubject(TenantId TenantId, SubjectId Subject, SubjectKey Key);
