using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Proofs.Events.Reading.Differential;

/// <summary>
/// A log of random units of work, and what a model makes of them: several tenants, types, headers and clocks; streams that end in every
/// way; links; events too large for a row; holes.
/// </summary>
internal sealed class RandomLog(BankStore bank, Random random)
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly string[] Tenants = ["default", "red", "blue"];

    public static readonly string[] StreamIds = ["a", "a-1", "a-2", "ab-1", "b-1", "b-2", "ç-1"];

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly Dictionary<(string Tenant, string Id), LoggedStream> _streams = [];

    /// <summary>All events that were ever appended, in the order of their positions; those that are gone included.</summary>
    public List<LoggedEvent> Events { get; } = [];

    public IReadOnlyCollection<LoggedStream> Streams => _streams.Values;

    public async Task WriteAsync(int units, CancellationToken cancellationToken)
    {
        await using var store = bank.CreateStore(options => options.TimeProvider = _clock);
        for (var unit = 0; unit < units; unit++)
            await WriteUnitAsync(store, cancellationToken);

        await ReadPositionsAsync();
    }

    private async Task WriteUnitAsync(EventStore store, CancellationToken cancellationToken)
    {
        _clock.AdjustTime(Start.AddMinutes(random.Next(1_000)));
        var tenant = Tenants[random.Next(Tenants.Length)];
        var id = StreamIds[random.Next(StreamIds.Length)];
        await using var session = store.OpenSession(tenant);
        _streams.TryGetValue((tenant, id), out var stream);
        switch (random.Next(20))
        {
            case 0:
                // Mostly small holes, as rolled back units leave them; sometimes one that no reader could go through step by step.
                await bank.ExecuteAsync(
                    $"select setval('{{schema}}.positions', last_value + {(random.Next(4) == 0 ? 3_000_000_000 : random.Next(1, 20))}) "
                        + "from {schema}.positions");
                return;
            case 1 when stream is { State: LoggedStream.Active }:
                session.Events.ArchiveStream(id);
                stream.State = LoggedStream.Archived;
                break;
            case 2 when stream is { State: LoggedStream.Active }:
                session.Events.DeleteStream(id);
                stream.State = LoggedStream.Deleted;
                break;
            case 3 when stream is { State: LoggedStream.Active } && random.Next(3) == 0:
                session.Events.TombstoneStream(id);
                (stream.State, stream.TruncatedBefore) = (LoggedStream.Tombstoned, stream.Version + 1);
                break;
            case 4 when stream is { State: LoggedStream.Active }:
                stream.TruncatedBefore = random.NextInt64(stream.TruncatedBefore, stream.Version + 2);
                session.Events.TruncateStream(id, stream.TruncatedBefore);
                break;
            case 5 or 6 when stream is { State: LoggedStream.Archived }:
                session.Events.UnarchiveStream(id);
                stream.State = LoggedStream.Active;
                break;
            case 5 or 6 when stream is { State: LoggedStream.Deleted }:
                session.Events.UndeleteStream(id);
                stream.State = LoggedStream.Active;
                break;
            case 7 or 8 when stream is null or { State: LoggedStream.Active }:
                Link(session, tenant, id);
                break;
            case > 8 when stream is null or { State: LoggedStream.Active }:
                Append(session, tenant, id);
                break;
            default:
                return;
        }

        await session.SaveChangesAsync(cancellationToken);
    }

    private void Append(IDocumentSession session, string tenant, string id)
    {
        var stream = StreamOf(tenant, id, random.Next(3) == 0 ? "account" : null, out var isNew);
        var headers = random.Next(3) == 0 ? new Dictionary<string, string> { ["source"] = random.Next(2) == 0 ? "import" : "web" } : [];
        object[] events = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => RandomEvent())];
        foreach (var data in events)
        {
            var pending = isNew && stream.AggregateType is not null
                ? session.Events.StartStream<Account>(id, data)
                : session.Events.Append(id, data);
            isNew = false;
            var eventId = Guid.CreateVersion7();
            pending.WithEventId(eventId);
            foreach (var (key, value) in headers)
                pending.WithHeader(key, value);

            string[] tags = random.Next(2) == 0 ? ["batch:1", "batch:2", "by:ç"] : [];
            random.Shuffle(tags);
            tags = tags[random.Next(tags.Length)..];
            foreach (var tag in tags)
                pending.WithTag(Tag.Parse(tag));

            var name = data is NoteTaken ? "note-taken" : "amount-entered";
            var added = new LoggedEvent(eventId, stream, ++stream.Version, name, _clock.GetUtcNow(), headers, tags);
            stream.Events.Add(added);
            Events.Add(added);
        }
    }

    private void Link(IDocumentSession session, string tenant, string id)
    {
        var linked = Events
            .Where(e => e.Stream.TenantId.Value == tenant && e.Stream.Id != id && e.Stream.State == LoggedStream.Active && e.IsKept)
            .Where(e => !_streams.TryGetValue((tenant, id), out var stream) || stream.Links.TrueForAll(link => link.Event != e))
            .OrderBy(_ => random.Next())
            .Take(random.Next(1, 4))
            .ToList();
        if (linked.Count == 0)
            return;

        var stream = StreamOf(tenant, id, aggregateType: null, out _);
        session.Events.LinkTo(id, linked.Select(static e => e.Id));
        stream.Links.AddRange(linked.Select(e => new LoggedLink(e, ++stream.Version, _clock.GetUtcNow())));
    }

    private LoggedStream StreamOf(string tenant, string id, string? aggregateType, out bool isNew)
    {
        isNew = !_streams.TryGetValue((tenant, id), out var stream);
        if (stream is null)
            _streams.Add((tenant, id), stream = new LoggedStream(tenant, id, aggregateType));

        return stream;
    }

    private object RandomEvent()
    {
        if (random.Next(3) == 0)
            return new AmountEntered(random.Next(100));

        // Beyond 2 kB what is stored is compressed, or stands beside the row.
        return new NoteTaken(random.Next(10) switch
        {
            0 => new string('x', random.Next(3_000, 200_000)),
            1 => RandomText(random.Next(3_000, 30_000)),
            _ => RandomText(random.Next(100)),
        });
    }

    private string RandomText(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private async Task ReadPositionsAsync()
    {
        var text = (string?)await bank.ExecuteAsync("select coalesce(string_agg(id || ' ' || position, ','), '') from {schema}.events");
        var positions = text!.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(' '))
            .ToDictionary(static line => Guid.Parse(line[0]), static line => long.Parse(line[1]));

        // Those of tombstoned streams are removed.
        Events.RemoveAll(e => !positions.ContainsKey(e.Id));
        foreach (var e in Events)
            e.Position = positions[e.Id];
    }
}
