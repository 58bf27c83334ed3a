namespace FluentEventStore.Events;

/// <summary>What a file says of somebody whose personal data it holds.</summary>
/// <param name="TenantId">The tenant of the subject.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Key">The key, where the file was exported with keys; otherwise that it was destroyed.</param>
internal sealed record ImportedSubject(TenantId TenantId, SubjectId Subject, SubjectKey Key);
