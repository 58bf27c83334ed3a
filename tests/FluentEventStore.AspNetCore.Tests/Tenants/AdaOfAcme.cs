using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FluentEventStore.AspNetCore.Tests.Tenants;

/// <summary>A scheme by which everybody is Ada of the tenant acme.</summary>
public sealed class AdaOfAcme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var ada = new ClaimsIdentity([new Claim("tenant", "acme"), new Claim(ClaimTypes.Name, "ada")], Scheme.Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(ada), Scheme.Name)));
    }
}
