namespace FluentEventStore;

/// <summary>A row that differs.</summary>
/// <param name="TenantId">The tenant.</param>
/// <param name="Id">The id of the view, as text.</param>
/// <param name="Serving">What serves has, as JSON; <see langword="null"/> if it has no such row, or it is deleted.</param>
/// <param name="Built">What is built has.</param>
public sealed record ProjectionDifference(TenantId TenantId, string Id, string? Serving, string? Built);
