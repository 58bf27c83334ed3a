using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FluentEventStore.AspNetCore;

/// <summary>The headers of an answer before its endpoint ran: those that the application sets on every answer.</summary>
internal sealed class HeadersBefore(HttpResponse response)
{
    private readonly KeyValuePair<string, StringValues>[] _headers = response.Headers.Count == 0 ? [] : [.. response.Headers];

    /// <summary>Makes the answer what it was then.</summary>
    public void Restore(HttpResponse response)
    {
        response.Clear();
        foreach (var (name, values) in _headers)
            response.Headers[name] = values;
    }
}
