using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace FluentEventStore.AspNetCore;

/// <summary>Answers exceptions of the store for <c>app.UseExceptionHandler()</c>, wherever in the application they come from.</summary>
internal sealed class EventStoreExceptionHandler : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (ProblemAnswers.Find(httpContext, exception) is not { } problem)
            return false;

        await ProblemAnswers.WriteAsync(httpContext, problem, exception).ConfigureAwait(false);
        return true;
    }
}
