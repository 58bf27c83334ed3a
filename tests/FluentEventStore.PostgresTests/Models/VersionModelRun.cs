using System.Globalization;
using System.Text.Json;
using FluentEventStore.Aggregates;
using FluentEventStore.Documents;
using FluentEventStore.PostgresTests.Bank;
using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.PostgresTests.Models;

/// <summary>Also compares what is read together with stored versions, in every way in which it can be read.</summary>
/// <param name="bank">The store, and a schema of its own.</param>
/// <param name="keeper">A store that keeps inline snapshots of notebooks.</param>
/// <param name="others">Stores that do not.</param>
/// <param name="time">The clock of these stores.</param>
/// <param name="seed">What chance begins with.</param>
public sealed class VersionModelRun(
    BankStore bank, EventStore keeper, IReadOnlyList<EventStore> others, FakeTimeProvider time, int seed)
    : ModelRun(bank, [keeper, .. others], time, seed)
{
    private static readonly Notes Decider = new();

    private readonly FakeTimeProvider _time = time;

    // What each stored version of a stream was seen to hold.
    private readonly Dictionary<(StreamId StreamId, StoredVersion Version), string> _seen = [];

    /// <summary>How many states of streams were told apart.</summary>
    public int Seen => _seen.Count;

    protected override RandomCalls CreateCalls() => new NoteCalls(Random, Model);

    protected override Task DoAsync(ModelCall call, IDocumentSession session) => call.DoAsync<Notebook>(session.Events, Cancellation);

    protected override async Task CompareMoreAsync(EventStore store, StreamId streamId)
    {
        var stream = Model.Streams.GetValueOrDefault(streamId);
        var expected = Describe(Model.Read(streamId).Select(static it => it.Event));
        await using var session = store.OpenSession();
        var folded = await session.Events.FoldAsync(Decider, streamId, Cancellation);
        Describe(folded.Value).ShouldBe(expected, $"{streamId} folded by a decider");
        folded.Version.Version.ShouldBe(stream is { State: ModelState.Active } ? stream.Version : 0, $"{streamId}");
        if (stream is { State: ModelState.Active })
            (await session.Events.FetchStreamStateAsync(streamId, Cancellation))!.StoredVersion.ShouldBe(folded.Version);

        ShouldBe(await session.Events.FetchLatestVersionedAsync<Notebook>(streamId, Cancellation), folded, "latest");
        ShouldBe(await session.Events.AggregateStreamVersionedAsync<Notebook>(streamId, Cancellation), folded, "folded");
        await using var reader = keeper.OpenQuerySession();
        ShouldBe(await reader.LoadVersionedAsync<Notebook>(streamId.Value, Cancellation), folded, "loaded");
        Describe((await session.Events.FetchLatestAsync<Notebook>(streamId, Cancellation))?.Notes).ShouldBe(expected);
        ShouldBeJson(await reader.LoadJsonAsync<Notebook>(streamId.Value, Cancellation), folded, streamId);
        ShouldBeJson((await reader.LoadManyJsonAsync<Notebook>([streamId.Value], Cancellation)).SingleOrDefault(), folded, streamId);
        await ComparePastAsync(session, streamId, folded.Version.Version);

        // What links lead to changes without the stream.
        if (stream is { State: ModelState.Active, Links: [] })
        {
            var content = string.Join(' ', Model.Read(streamId).Select(static it => $"{it.Version}:{it.Event.Id}:{it.Event.Data}"));
            if (!_seen.TryAdd((streamId, folded.Version), content))
                content.ShouldBe(_seen[(streamId, folded.Version)], $"two states of {streamId} are {folded.Version}");
        }
    }

    private async Task ComparePastAsync(IDocumentSession session, StreamId streamId, long version)
    {
        var to = Random.NextInt64(1, version + 2);
        var past = await session.Events.AggregateStreamVersionedAsync<Notebook>(streamId, new StreamRange { To = to }, Cancellation);
        var read = Model.Read(streamId).Where(it => it.Version <= to).Select(static it => it.Event);
        Describe(past?.Value.Notes).ShouldBe(Describe(read), $"{streamId} up to {to}");
        (past?.Version.Version ?? 0).ShouldBe(past is null ? 0 : Math.Min(to, version), $"{streamId} up to {to}");

        var until = new StreamRange { Until = _time.GetUtcNow().AddSeconds(-Random.Next(3_000)) };
        var then = await session.Events.AggregateStreamVersionedAsync<Notebook>(streamId, until, Cancellation);
        Describe((await session.Events.AggregateStreamAsync<Notebook>(streamId, until, Cancellation))?.Notes)
            .ShouldBe(Describe(then?.Value.Notes));
        if (then is not null)
        {
            var same = new StreamRange { To = then.Version.Version };
            ShouldBe(
                await session.Events.AggregateStreamVersionedAsync<Notebook>(streamId, same, Cancellation),
                new Versioned<IReadOnlyList<string>>(then.Value.Notes, then.Version),
                "until");
        }
    }

    private static void ShouldBe(Versioned<Notebook>? read, Versioned<IReadOnlyList<string>> folded, string how)
    {
        Describe(read?.Value.Notes).ShouldBe(Describe(folded.Value), how);
        if (read is not null)
            read.Version.ShouldBe(folded.Version, how);
    }

    private static void ShouldBeJson(Versioned<ReadOnlyMemory<byte>>? read, Versioned<IReadOnlyList<string>> folded, StreamId streamId)
    {
        (read is null).ShouldBe(folded.Value.Count == 0, $"{streamId}");
        if (read is null)
            return;

        read.Version.ShouldBe(folded.Version);
        using var json = JsonDocument.Parse(read.Value);
        var notebook = json.RootElement.Deserialize<Notebook>(JsonSerializerOptions.Web)!;
        Describe(notebook.Notes).ShouldBe(Describe(folded.Value));
        using var written = JsonDocument.Parse(
            DocumentWriter.Encode(AggregateCatalog.Get<Notebook>().Document!, streamId.Value, notebook));
        JsonElement.DeepEquals(json.RootElement, written.RootElement).ShouldBeTrue($"{json.RootElement}");
    }

    private static string Describe(IEnumerable<ModelEvent> events) =>
        Describe(events.Select(static @event => @event.Data).OfType<NoteTaken>().Select(static note => note.Text));

    private static string Describe(IEnumerable<string>? notes) => string.Join('+', notes ?? []);

    private sealed class NoteCalls(Random random, ModelStore model) : RandomCalls(random, model)
    {
        private int _number;

        protected override object NextEvent(StreamId streamId) => Random.Next(4) == 0
            ? new CourseOffered($"{Random.Next(4)}", Random.Next(100))
            : new NoteTaken((++_number).ToString(CultureInfo.InvariantCulture), 1e25 / _number);

        protected override object NextReplacement(StreamId streamId) => NextEvent(streamId);
    }

    private sealed class Notes : IDecider<IReadOnlyList<string>>
    {
        public IReadOnlyList<string> Initial => [];

        public ValueTask<IEnumerable<object>> DecideAsync(
            object command, IReadOnlyList<string> state, CancellationToken cancellationToken = default) => new([]);

        public IReadOnlyList<string> Evolve(IReadOnlyList<string> state, IEvent @event) =>
            @event.Data is NoteTaken note ? [.. state, note.Text] : state;
    }
}
