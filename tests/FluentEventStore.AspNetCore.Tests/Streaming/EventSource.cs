namespace FluentEventStore.AspNetCore.Tests.Streaming;

/// <summary>Listens to server-sent events as a browser does.</summary>
internal sealed class EventSource(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    public HttpResponseMessage Response => response;

    /// <summary>What to send as <c>Last-Event-ID</c> to go on; <see langword="null"/> if nothing was said.</summary>
    public string? LastEventId { get; private set; }

    public static async Task<EventSource> ConnectAsync(WebHost host, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();

        var response = await host.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(200, path);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        return new EventSource(
            response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>The next event, or a message without data; <see langword="null"/> at the end of the answer.</summary>
    public async Task<Message?> NextMessageAsync()
    {
        var message = new Message();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                LastEventId = message.Id ?? LastEventId;
                return message;
            }

            var (field, value) = line.Split(": ", 2) is [var name, var rest] ? (name, rest) : (line, "");
            message = field switch
            {
                ":" => message with { IsComment = true },
                "id" => message with { Id = value },
                "event" => message with { Type = value },
                "data" => message with { Data = message.Data is null ? value : $"{message.Data}\n{value}" },
                _ => throw new InvalidOperationException($"A line that nobody knows: {line}"),
            };
        }

        return null;
    }

    /// <summary>The next event; <see langword="null"/> at the end of the answer.</summary>
    public async Task<Message?> NextAsync()
    {
        while (await NextMessageAsync() is { } message)
        {
            if (message.Data is not null)
                return message;
        }

        return null;
    }

    public async Task<List<Message>> TakeAsync(int count)
    {
        var taken = new List<Message>();
        while (taken.Count < count)
            taken.Add((await NextAsync()).ShouldNotBeNull());

        return taken;
    }

    /// <summary>Leaves, in whatever state the connection is.</summary>
    public void Dispose() => response.Dispose();

    internal sealed record Message
    {
        public string? Id { get; init; }

        public string? Type { get; init; }

        public string? Data { get; init; }

        public bool IsComment { get; init; }
    }
}
