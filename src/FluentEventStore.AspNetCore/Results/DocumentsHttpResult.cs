using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace FluentEventStore.AspNetCore;

/// <summary>Shows several documents as they are stored, in one array: their JSON is not decoded.</summary>
/// <typeparam name="T">The type of the documents, or of an aggregate that the store keeps as an inline snapshot.</typeparam>
public sealed class DocumentsHttpResult<T> : EventStoreResult, IEndpointMetadataProvider
    where T : class
{
    private readonly Func<IQuerySession, CancellationToken, Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>>> _load;

    internal DocumentsHttpResult(Func<IQuerySession, CancellationToken, Task<IReadOnlyList<Versioned<ReadOnlyMemory<byte>>>>> load) =>
        _load = load;

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ResultMetadata.Add(builder, typeof(T[]));
    }

    private protected override async Task AnswerAsync(HttpContext context, IQuerySession session)
    {
        var loaded = await _load(session, context.RequestAborted).ConfigureAwait(false);
        var body = Join(loaded);
        var tag = EntityTags.ForAnswer(session.TenantId, loaded.Select(static one => one.Version), body);
        await AnswerWriter.WriteAsync(context, new Answer(body, tag, Version: 0), StatusCode).ConfigureAwait(false);
    }

    private static byte[] Join(IReadOnlyList<Versioned<ReadOnlyMemory<byte>>> loaded)
    {
        var body = new byte[loaded.Sum(static one => one.Value.Length) + Math.Max(loaded.Count - 1, 0) + 2];
        var rest = body.AsSpan();
        rest[0] = (byte)'[';
        rest = rest[1..];
        for (var index = 0; index < loaded.Count; index++)
        {
            if (index > 0)
            {
                rest[0] = (byte)',';
                rest = rest[1..];
            }

            loaded[index].Value.Span.CopyTo(rest);
            rest = rest[loaded[index].Value.Length..];
        }

        rest[0] = (byte)']';
        return body;
    }
}
