using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;

namespace FluentEventStore.AspNetCore;

/// <summary>Writes server-sent events, as the HTML standard has them.</summary>
internal sealed class EventStreamWriter(HttpResponse response)
{
    public const string ContentType = "text/event-stream";

    private readonly ArrayBufferWriter<byte> _unflushed = new();
    private readonly EventWriter _events = new();

    /// <summary>Whether the answer is one: from now on, nothing else can be answered.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>How many bytes wait to be sent.</summary>
    public int Unflushed => _unflushed.WrittenCount;

    /// <summary>Sets the headers, and keeps others from buffering the answer or ending it by time.</summary>
    public void Begin()
    {
        if (HasBegun)
            return;

        HasBegun = true;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.HttpContext.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
    }

    public void Write(IEvent @event)
    {
        WriteText(string.Create(CultureInfo.InvariantCulture, $"id: {@event.Position}\nevent: {@event.TypeName}\ndata: "));
        using (var json = new Utf8JsonWriter(_unflushed))
            _events.Write(json, @event);

        WriteText("\n\n");
    }

    /// <summary>Writes a comment.</summary>
    /// <param name="position">Where the client goes on if it has to connect again, if that is news to it: no event is told of then.</param>
    public void WriteSignOfLife(long? position) => WriteText(
        position is { } news ? string.Create(CultureInfo.InvariantCulture, $":\nid: {news}\n\n") : ":\n\n");

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_unflushed.WrittenCount > 0)
            response.BodyWriter.Write(_unflushed.WrittenSpan);

        _unflushed.ResetWrittenCount();
        await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private void WriteText(string text) => Encoding.UTF8.GetBytes(text, _unflushed);
}
