using System.Globalization;

namespace FluentEventStore.Proofs.Subscriptions.Working;

/// <summary>
/// Streams of which some events cannot be read from the moment on in which they are there: their type is unknown, or their JSON does not
/// fit. Some are mended later.
/// </summary>
internal sealed class SpoiledStreams(BankStore bank)
{
    private readonly Dictionary<string, List<string>> _written = [];
    private readonly Dictionary<long, string> _bad = [];
    private readonly List<long> _unmended = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The texts of what was appended, by the stream.</summary>
    public IReadOnlyDictionary<string, List<string>> Written => _written;

    /// <summary>The one that a subscription to a single stream follows.</summary>
    public string One => $"{Prefix}one";

    /// <summary>What the ids of all begin with.</summary>
    public string Prefix { get; } = $"p{Guid.NewGuid():N}-";

    /// <summary>Appends ten events, of which each ninth is bad.</summary>
    public async Task AppendAsync(Random random, bool toOne)
    {
        for (var count = 0; count < 10; count++)
        {
            var stream = toOne ? One : $"{Prefix}{random.Next(6)}";
            var texts = _written.TryGetValue(stream, out var found) ? found : _written[stream] = [];
            var text = $"{stream} {texts.Count + 1}";
            texts.Add(text);
            if (random.Next(9) == 0)
                await SpoilAsync(stream, text, random.Next(2) == 0 ? "type := 'unheard-of'" : "data := '[1, 2]'::jsonb");
            else
                await bank.AppendAsync(stream, new NoteTaken(text));
        }
    }

    /// <summary>Mends the first of those that are bad.</summary>
    public async Task MendAsync(int count)
    {
        foreach (var position in _unmended.Take(count).ToList())
        {
            await bank.TamperAsync($$"""
                update {{bank.Schema}}.events
                set type = 'note-taken', data = jsonb_set(
                  (select data from {{bank.Schema}}.events where type = 'note-taken' and jsonb_typeof(data) = 'object' limit 1),
                  '{text}',
                  to_jsonb('{{_bad[position]}}'::text))
                where position = {{position}}
                """);
            _unmended.Remove(position);
        }
    }

    /// <summary>How often the audit says of an event that it is never handled, by the text of the event.</summary>
    public async Task<Dictionary<string, int>> FetchSkippedAsync(string subscription)
    {
        var positions = await bank.ExecuteAsync($$"""
            select string_agg(detail ->> 'position', ',')
            from {schema}.audit
            where verb in ('skip', 'drop') and detail ->> 'subscription' = '{{subscription}}'
            """) as string;
        return (positions ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
            .GroupBy(static one => long.Parse(one, CultureInfo.InvariantCulture))
            .ToDictionary(one => _bad.GetValueOrDefault(one.Key, $"a good one at {one.Key}"), static one => one.Count());
    }

    private async Task SpoilAsync(string stream, string text, string change)
    {
        await bank.ExecuteAsync($$"""
            create or replace function {schema}.spoil() returns trigger language plpgsql as
            $$ begin new.{{change}}; return new; end $$;
            create or replace trigger aa_spoil before insert on {schema}.events for each row
            when (new.data ->> 'text' = '{{text}}') execute function {schema}.spoil()
            """);
        var commit = await bank.AppendAsync(stream, new NoteTaken(text));
        await bank.ExecuteAsync("drop trigger aa_spoil on {schema}.events");
        _bad.Add(commit.Position, text);
        _unmended.Add(commit.Position);
    }

    public static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        return limit;
    }
}
