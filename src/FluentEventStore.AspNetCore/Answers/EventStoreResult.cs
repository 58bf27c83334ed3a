using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// What an endpoint shows of a store, read by the request's session when the result is executed: of a unit of work, after it is saved.
/// <see cref="EventStoreResults"/> makes them.
/// </summary>
public abstract class EventStoreResult : IResult, IStatusCodeHttpResult
{
    private protected EventStoreResult()
    {
    }

    /// <summary>The status of a success.</summary>
    public int StatusCode { get; internal set; } = StatusCodes.Status200OK;

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    /// <summary>The key of the store that is read; <see langword="null"/> for the one without a key.</summary>
    internal string? StoreKey { get; set; }

    /// <summary>Where what is shown is found from now on, if that is new.</summary>
    internal string? Location { get; set; }

    /// <summary>What caches may do with the answer, unless the application says so.</summary>
    private protected virtual string CacheControl => "no-cache";

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var before = HeadersBefore.Of(httpContext);
        AnswerWriter.PrepareHeaders(httpContext, before, CacheControl);
        try
        {
            await RequestTenants.ResolveAsync(httpContext).ConfigureAwait(false);
            if (Location is not null)
                httpContext.Response.Headers.Location = Location;

            await AnswerAsync(httpContext, httpContext.RequestServices.GetRequiredKeyedService<IQuerySession>(StoreKey))
                .ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            // A client that is told that there is nothing, or that nothing was carried out, would send the request again.
            var told = RequestWork.Judge(httpContext) is null ? failure : UnshownException.CarriedOut(failure);
            if (!await ProblemAnswers.TryAnswerAsync(httpContext, told, before).ConfigureAwait(false))
                throw;
        }
    }

    /// <summary>Reads and writes.</summary>
    private protected abstract Task AnswerAsync(HttpContext context, IQuerySession session);
}
