using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FluentEventStore.AspNetCore;

/// <summary>Where a request names its tenant.</summary>
/// <param name="Find">Finds the names that stand there; empty if there is none.</param>
/// <param name="Header">The header that holds it, on which answers depend then; <see langword="null"/> if it stands elsewhere.</param>
/// <param name="IsOfUser">Whether it comes with the user, who may not be known yet.</param>
internal sealed record TenantSource(Func<HttpContext, StringValues> Find, string? Header = null, bool IsOfUser = false);
