namespace FluentEventStore;

/// <summary>What <see cref="IStorePrivacy.ForgetAsync(SubjectId, CancellationToken)"/> did.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="Subject">The subject.</param>
/// <param name="TenantId">The tenant in which it was forgotten, and in no other.</param>
public sealed record ForgetReport(ForgetOutcome Outcome, SubjectId Subject, TenantId TenantId);
