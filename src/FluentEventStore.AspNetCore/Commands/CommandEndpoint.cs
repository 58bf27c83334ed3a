using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FluentEventStore.AspNetCore;

/// <summary>Carries out the commands of one endpoint.</summary>
internal sealed class CommandEndpoint<TState, TCommand>(IDecider<TState> decider, CommandEndpointOptions options)
    where TCommand : notnull
{
    public async Task RunAsync(HttpContext context)
    {
        // A group around the endpoint may save units of work: what the command leads to is saved here.
        RequestUnits.Of(context).TryBegin(options.Store);
        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        if (await ReadAsync(context, json).ConfigureAwait(false) is not { } command)
            return;

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
            await WriteAsync(context, json, EntityTags.ForStream(tenantId, streamId, state.Version), state.Value).ConfigureAwait(false);
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

    private static async Task<TCommand?> ReadAsync(HttpContext context, JsonSerializerOptions json)
    {
        if (!context.Request.HasJsonContentType())
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "The command must be JSON.").ConfigureAwait(false);
            return default;
        }

        try
        {
            var type = (JsonTypeInfo<TCommand>)json.GetTypeInfo(typeof(TCommand));
            if (await context.Request.ReadFromJsonAsync(type, context.RequestAborted).ConfigureAwait(false) is { } command)
                return command;
        }
        catch (JsonException)
        {
            // What it says may quote the command.
        }

        await RefuseAsync(context, StatusCodes.Status400BadRequest, $"The body is no {typeof(TCommand).Name} as JSON.")
            .ConfigureAwait(false);
        return default;
    }

    private static Task RefuseAsync(HttpContext context, int status, string detail) =>
        ProblemAnswers.WriteAsync(context, KnownProblems.Of(new BadHttpRequestException(detail, status))!, failure: null);

    private static async Task WriteAsync(HttpContext context, JsonSerializerOptions json, string tag, TState state)
    {
        var body = new ArrayBufferWriter<byte>();
        if (state is null || !EventStoreJson.TryWrite(state, body))
        {
            var writer = new Utf8JsonWriter(body);
            await using var _ = writer.ConfigureAwait(false);
            JsonSerializer.Serialize(writer, state, (JsonTypeInfo<TState>)json.GetTypeInfo(typeof(TState)));
        }

        var response = context.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.WrittenCount;
        response.Headers.ETag = EntityTags.Rendered(tag, body.WrittenSpan);
        await response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }
}
