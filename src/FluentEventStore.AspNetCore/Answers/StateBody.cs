using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FluentEventStore.AspNetCore;

/// <summary>Writes states that were folded: an aggregate by its codec if it has one, any other as the application does.</summary>
internal static class StateBody
{
    /// <returns>JSON in UTF-8.</returns>
    public static ReadOnlyMemory<byte> Write<T>(HttpContext context, T state)
    {
        var body = new ArrayBufferWriter<byte>();
        if (state is not null && EventStoreJson.TryWrite(state, body))
            return body.WrittenMemory;

        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return JsonSerializer.SerializeToUtf8Bytes(state, options.GetTypeInfo(typeof(T)));
    }
}
