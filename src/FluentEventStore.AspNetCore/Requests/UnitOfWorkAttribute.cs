using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Saves the session of each request to an action of a controller, or to all of its actions: as <c>WithUnitOfWork()</c> does for endpoints.
/// </summary>
/// <remarks>
/// On an action and on its controller, it is one unit, saved by the outer one. It does nothing on Razor pages, which save their session
/// themselves.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class UnitOfWorkAttribute : Attribute, IAsyncResourceFilter, IAsyncActionFilter, IOrderedFilter
{
    /// <summary>The key of the store whose session is saved.</summary>
    /// <value>Default: <see langword="null"/>, the store without a key.</value>
    public string? Store { get; set; }

    /// <summary>
    /// Before all other filters, so that what any filter around the action answers counts. What a result filter changes, and what a result
    /// itself makes of its status while it is written, comes after the save.
    /// </summary>
    public int Order => int.MinValue;

    /// <summary>Finds the tenant before the controller is made, and answers failures.</summary>
    public async Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var before = HeadersBefore.Of(context.HttpContext);
        try
        {
            await RequestUnits.PrepareAsync(context.HttpContext, Store).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (!await ProblemAnswers.TryAnswerAsync(context.HttpContext, failure, before).ConfigureAwait(false))
                throw;

            context.Result = new EmptyResult();
            return;
        }

        var executed = await next().ConfigureAwait(false);
        if (executed is { Exception: { } thrown, ExceptionHandled: false })
            executed.ExceptionHandled = await ProblemAnswers.TryAnswerAsync(context.HttpContext, thrown, before).ConfigureAwait(false);
    }

    /// <summary>Saves after the action and the filters around it.</summary>
    public async Task OnActionExecutionAsync(ActionExecutingContext context, ActionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var begins = RequestUnits.Of(context.HttpContext).TryBegin(Store);
        var executed = await next().ConfigureAwait(false);
        if (executed is { Exception: not null, ExceptionHandled: false }
            || !HandlerOutcome.IsSuccess(executed.Result, context.HttpContext.Response))
            RequestWork.Of(context.HttpContext).HasFailed = true;
        else if (begins)
            await RequestUnits.SaveAsync(context.HttpContext, Store).ConfigureAwait(false);
    }
}
