using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>Where a request names its tenant.</summary>
/// <param name="Find">Finds the name; <see langword="null"/> if the request has none there.</param>
/// <param name="Header">The header that holds it, on which answers depend then; <see langword="null"/> if it stands elsewhere.</param>
internal sealed record TenantSource(Func<HttpContext, string?> Find, string? Header = null);
