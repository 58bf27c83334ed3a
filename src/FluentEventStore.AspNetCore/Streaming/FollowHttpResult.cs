using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Shows events as server-sent events, until the client goes or the application stops. <c>id</c> is the position in the log, <c>event</c>
/// the stored name of the type, <c>data</c> an <see cref="EventAnswer"/> on one line.
/// </summary>
/// <remarks>
/// <para>
/// It begins after the position in the header <c>Last-Event-ID</c>, which browsers send when they connect again; otherwise after that in
/// <c>?after=</c>, where <c>end</c> is the end of the log; otherwise at the first event. No event is skipped or sent twice, except those of
/// archived and deleted streams, which are not sent unless the filter includes them. No connection to the database is held while there is
/// nothing new.
/// </para>
/// <para>
/// What fails before the first byte is answered as a problem. What fails later ends the answer: the client connects again and goes on.
/// Nothing of an event that cannot be read is passed over: the events before it are sent, then the answer ends.
/// </para>
/// </remarks>
public sealed class FollowHttpResult : EventStoreResult, IEndpointMetadataProvider
{
    private readonly EventFilter _filter;
    private readonly RequestedStream? _stream;

    /// <summary>What a filter lets pass.</summary>
    internal FollowHttpResult(EventFilter filter) => _filter = filter;

    /// <summary>The events of a stream.</summary>
    internal FollowHttpResult(RequestedStream stream) => (_filter, _stream) = (new EventFilter(), stream);

    private protected override string CacheControl => "no-store";

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ResultMetadata.Add(builder, typeof(EventAnswer), EventStreamWriter.ContentType, StatusCodes.Status200OK);
        foreach (var status in (int[])[StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status410Gone])
            ResultMetadata.AddProblem(builder, status);

        foreach (var parameter in FollowStart.Parameters)
            builder.Metadata.Add(parameter);
    }

    private protected override async Task AnswerAsync(HttpContext context, IQuerySession session)
    {
        var services = context.RequestServices;
        var stopping = services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var log = services.GetRequiredKeyedService<IEventStore>(StoreKey).DatabaseOf(session.TenantId).Log;
        var options = services.GetService<EventStoreWebOptions>() ?? EventStoreWebOptions.Default;
        var writer = new EventStreamWriter(context.Response);
        try
        {
            var filter = _filter.ForTenant(session.TenantId).OnlyActive();
            if (_stream is { } stream)
            {
                filter = filter.OfStream(stream);
                if (await Absence.FindAsync(session, stream, seesArchived: false, ending.Token).ConfigureAwait(false) is { } absence)
                    throw absence;
            }

            var start = await FollowStart.FindAsync(context.Request, log, ending.Token).ConfigureAwait(false);
            if (HttpMethods.IsHead(context.Request.Method))
            {
                writer.Begin();
                return;
            }

            var follower = new Follower(log, filter, start, ending);
            await using var _ = follower.ConfigureAwait(false);
            await new FollowLoop(follower, writer, options.Heartbeat).RunAsync(start, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // A client that waits for its first event is to connect again, as any other.
            if (!context.RequestAborted.IsCancellationRequested)
                writer.Begin();
        }
        catch (Exception failure) when (writer.HasBegun)
        {
            services.GetService<ILoggerFactory>()?.CreateLogger("FluentEventStore.AspNetCore").FollowingFailed(failure);
        }
    }
}
