using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FluentEventStore.AspNetCore;

/// <summary>Carries out the commands of one endpoint.</summary>
internal sealed class CommandEndpoint<TState, TCommand>(IDecider<TState> decider, CommandEndpointOptions options)
    where TCommand : notnull
{
    public async Task RunAsync(HttpContext context)
    {
        // A group around the endpoint may save units of work: what the command leads to is saved here.
        RequestUnits.Of(context).TryBegin(options.Store);
        var command = await CommandBody.ReadAsync<TCommand>(context).ConfigureAwait(false);
        var services = context.RequestServices;
        var sessions = services.GetRequiredKeyedService<IEventStoreSessions>(options.Store);
        var streamId = options.StreamOf(context);
        var preconditions = Preconditions.Of(context);
        var tenantId = sessions.Options.TenantId;
        var execution = new ExecutionOptions
        {
            TenantId = tenantId,
            CorrelationId = sessions.Options.CorrelationId,
            CausationId = sessions.Options.CausationId,
            UserName = sessions.Options.UserName,
            Idempotent = true,
            Saved = sessions.Options.Saved,
            RetryFor = options.RetryFor,
            Check = version =>
            {
                if (version.Version == 0 && !options.MayBegin)
                    throw new StreamNotFoundException(streamId);

                preconditions.CheckStream(tenantId, streamId, version);
            },
        };
        var store = services.GetRequiredKeyedService<IEventStore>(options.Store);
        try
        {
            await store.ExecuteAsync(decider, streamId, command, execution, context.RequestAborted).ConfigureAwait(false);
        }
        catch (StreamNotFoundException)
        {
            await ThrowIfHiddenAsync(sessions.Session, streamId, context.RequestAborted).ConfigureAwait(false);
            throw;
        }

        try
        {
            var state = await sessions.Session.Events.FoldAsync(decider, streamId, context.RequestAborted).ConfigureAwait(false);
            await WriteAsync(context, EntityTags.ForStream(tenantId, streamId, state.Version), state.Value).ConfigureAwait(false);
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Its events are written: a client that is told otherwise would send the command again.
            throw UnshownException.CarriedOut(failure);
        }
    }

    /// <summary>A stream whose events are hidden looks like one without events.</summary>
    private static async Task ThrowIfHiddenAsync(IDocumentSession session, StreamId streamId, CancellationToken cancellationToken)
    {
        if (await session.Events.FetchStreamStateAsync(streamId, cancellationToken).ConfigureAwait(false) is not { } state)
            return;

        if (state.IsDeleted)
            throw new StreamDeletedException(streamId, state.IsTombstoned);

        if (state.IsArchived)
            throw new StreamArchivedException(streamId);
    }

    private static async Task WriteAsync(HttpContext context, string tag, TState state)
    {
        var response = context.Response;
        if (state is null)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            response.Headers.ETag = EntityTags.Rendered(tag, []);
            return;
        }

        var body = StateBody.Write(context, state);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        response.Headers.ETag = EntityTags.Rendered(tag, body.Span);
        await response.BodyWriter.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
