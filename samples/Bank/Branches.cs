using FluentEventStore.AspNetCore;

namespace Bank;

/// <summary>The tenants: two branches that share the tables and see nothing of each other.</summary>
internal sealed class Branches : ITenantResolver
{
    public const string Header = "X-Tenant";

    public static IReadOnlyList<string> Names { get; } = ["north", "south"];

    public ValueTask<TenantResolution> ResolveAsync(string name, HttpContext context, CancellationToken cancellationToken) =>
        new(Names.Contains(name) ? TenantResolution.Of(name) : TenantResolution.Unknown);
}
