using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace FluentEventStore.AspNetCore;

/// <summary>The headers of an answer before its endpoint ran: those that the application sets on every answer.</summary>
internal sealed class HeadersBefore
{
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private List<KeyValuePair<string, StringValues>>? _more;

    private HeadersBefore(HttpResponse response) => _headers = response.Headers.Count == 0 ? [] : [.. response.Headers];

    /// <summary>Those that were there when this was asked first in the request.</summary>
    public static HeadersBefore Of(HttpContext context)
    {
        if (context.Features.Get<HeadersBefore>() is { } before)
            return before;

        before = new HeadersBefore(context.Response);
        context.Features.Set(before);
        return before;
    }

    /// <summary>Whether something was written already, so that no other answer can be given.</summary>
    public static bool IsTooLate(HttpResponse response) =>
        response.HasStarted || response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 };

    /// <summary>Adds a header that the answer has whatever it says.</summary>
    public void Set(string name, StringValues values) => (_more ??= []).Add(new(name, values));

    /// <summary>Makes the answer what it was then.</summary>
    public void Restore(HttpResponse response)
    {
        response.Clear();
        foreach (var (name, values) in _headers.Concat(_more ?? []))
            response.Headers[name] = values;
    }
}
