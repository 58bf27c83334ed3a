using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>Says for whom sessions work that are opened while a request is handled.</summary>
internal sealed class RequestSessions(IHttpContextAccessor accessor) : IConfigureSessions
{
    public void Configure(SessionOptions options)
    {
        if (accessor.HttpContext is { } context)
            RequestOrigin.Apply(context, options, RequestTenants.Use(context));
    }
}
