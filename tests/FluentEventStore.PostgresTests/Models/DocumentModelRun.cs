using System.Globalization;
using FluentEventStore.PostgresTests.Bank;
using Npgsql;

namespace FluentEventStore.PostgresTests.Models;

/// <summary>Two writers do the same at random to the documents of a store and to their model, and lose connections as they save.</summary>
public sealed class DocumentModelRun(BankStore bank, int seed) : IAsyncDisposable
{
    private const int Documents = 3;
    private const int CallsToShow = 40;

    private readonly Random _random = new(seed);
    private readonly DocumentModel _model = new();
    private readonly Queue<string> _last = [];
    private readonly SortedDictionary<string, int> _outcomes = new(StringComparer.Ordinal);
    private readonly List<ModelWriter> _writers = [];

    // What was ever read of the documents, and the lives as the store tells them.
    private readonly List<(DocumentKey Key, StoredVersion Stored, int Life)> _known = [];
    private readonly Dictionary<int, long> _lives = [];
    private int _contents;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public IReadOnlyDictionary<string, int> Outcomes => _outcomes;

    public async Task RunAsync(int steps)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        for (var count = 0; count < 2; count++)
            _writers.Add(await ModelWriter.StartAsync(bank, _random));

        for (var step = 1; step <= steps; step++)
        {
            var index = _random.Next(_writers.Count);
            try
            {
                if (_random.Next(5) < 3)
                    Call(index);
                else
                    await SaveAsync(index);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"Step {step} with seed {seed} failed: {failure.Message}\n{string.Join('\n', _last)}", failure);
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", _outcomes.Select(static outcome => $"{outcome.Key} {outcome.Value}")));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
            await writer.DisposeAsync();
    }

    private void Call(int index)
    {
        var key = new DocumentKey(_random.Next(2) == 0, _random.Next(1, Documents + 1));
        var (expected, stored) = NextExpectation(key);
        var verb = expected is null
            ? (DocumentVerb)_random.Next(4)
            : _random.Next(5) == 0 ? DocumentVerb.Delete : DocumentVerb.Update;
        var call = new DocumentModel.Change(verb, ++_contents, expected);
        Note($"{index}: {key} {call}");
        var refusal = DocumentModel.Take(_writers[index].Unit, key, call);
        Record.Exception(() => Do(_writers[index].Session, key, call, stored))?.GetType().ShouldBe(refusal);
    }

    /// <summary>Mostly what holds now, else what held once or never will.</summary>
    private (DocumentModel.Expectation? Expected, StoredVersion? Stored) NextExpectation(DocumentKey key)
    {
        var known = _known.FindAll(it => it.Key == key);
        switch (_random.Next(16))
        {
            case 0:
                return (new(_random.Next(1, 5), null), null);
            case 1 when known.Count > 0:
                var (_, former, formerLife) = known[_random.Next(known.Count)];
                return (new(former.Version, formerLife), former);
            case < 6 when _model.Find(key) is { } document:
                return (new(document.Version, null), null);
            case < 11 when known.Count > 0 && _model.Find(key) is not null:
                var (_, stored, life) = known[^1];
                return (new(stored.Version, life), stored);
            default:
                return default;
        }
    }

    private static void Do(IDocumentSession session, DocumentKey key, DocumentModel.Change call, StoredVersion? stored)
    {
        if (key.IsBranch)
            Do(session, call, stored, new Branch($"{key.Number}", Text(call.Content)), $"{key.Number}");
        else
            Do(session, call, stored, new Counter { Id = key.Number, Value = call.Content }, key.Number);
    }

    private static void Do<T>(IDocumentSession session, DocumentModel.Change call, StoredVersion? stored, T document, DocumentId id)
        where T : class
    {
        Action act = (call.Verb, call.Expected, stored) switch
        {
            (DocumentVerb.Store, _, _) => () => session.Store(document),
            (DocumentVerb.Insert, _, _) => () => session.Insert(document),
            (DocumentVerb.Update, null, _) => () => session.Update(document),
            (DocumentVerb.Update, { } expected, null) => () => session.Update(document, expected.Version),
            (DocumentVerb.Update, _, { } version) => () => session.Update(document, version),
            (_, null, _) => () => session.Delete<T>(id),
            (_, { } expected, null) => () => session.Delete<T>(id, expected.Version),
            (_, _, { } version) => () => session.Delete<T>(id, version),
        };
        act();
    }

    private async Task SaveAsync(int index)
    {
        var writer = _writers[index];
        if (writer.Unit.Count == 0)
            return;

        var withEvent = _random.Next(3) == 0;
        var when = writer.IsJoined || writer.IsRead ? TcpProxy.Break.Never : (TcpProxy.Break)Math.Max(0, _random.Next(6) - 3);
        if (withEvent)
            writer.Append(_random, isHandled: when == TcpProxy.Break.Never);

        var isProtected = writer.IsProtected;
        Note($"{index}: save{(withEvent ? " with an event" : "")}, break {when}{(writer.IsJoined ? ", joined" : "")}");
        var undo = _model.Remember();
        IReadOnlyList<DocumentModel.Refusal> refusals = [];
        var wasSent = when != TcpProxy.Break.Never
            && await BreakAsync(writer, when)
            && when == TcpProxy.Break.BeforeTheClientGetsTheAnswer;
        if (wasSent)
            refusals = _model.Save(writer.Unit);

        // What was committed and can be known is not written again.
        var isKnown = wasSent && refusals.Count == 0 && isProtected;
        if (!isKnown)
            refusals = _model.Save(writer.Unit);

        var failure = await Record.ExceptionAsync(() => writer.Session.SaveChangesAsync(Token));
        Compare(failure, refusals);
        Count(refusals.Count > 0 ? failure!.GetType().Name : isKnown ? "known" : "written");
        if (failure is null && !await writer.EndAsync(_random))
        {
            Note($"{index}: rolled back");
            undo();
        }
        else if (failure is not null && when == TcpProxy.Break.Never && _random.Next(4) == 0)
        {
            // It is added to, and saved again later.
            return;
        }

        await writer.BeginAsync(_random);
        await CompareAsync();
    }

    /// <summary>Saves while the connection breaks.</summary>
    /// <returns>
    /// Whether the unit was on its way: after a broken connection, the store first looks at the log where there are events.
    /// </returns>
    private static async Task<bool> BreakAsync(ModelWriter writer, TcpProxy.Break when)
    {
        writer.Proxy.BreakNext(when);
        var failure = await Record.ExceptionAsync(() => writer.Session.SaveChangesAsync(Token));
        if (failure is not NpgsqlException || !writer.HasEvent)
            failure.ShouldBeOfType<CommitOutcomeUnknownException>();

        return failure is CommitOutcomeUnknownException;
    }

    private static void Compare(Exception? failure, IReadOnlyList<DocumentModel.Refusal> refusals)
    {
        (failure is null).ShouldBe(refusals.Count == 0, $"{failure} beside {string.Join(", ", refusals)}");
        DocumentModel.Refusal? said = failure switch
        {
            DocumentConflictException it => new(it.GetType(), KeyOf(it.DocumentType, it.Id), it.Expected, it.Actual),
            DocumentAlreadyExistsException it => new(it.GetType(), KeyOf(it.DocumentType, it.Id)),
            DocumentNotFoundException it => new(it.GetType(), KeyOf(it.DocumentType, it.Id)),
            null => null,
            _ => throw failure,
        };
        if (said is not null)
            refusals.ShouldContain(said);
    }

    private static DocumentKey KeyOf(Type type, DocumentId id) =>
        new(type == typeof(Branch), int.Parse(id.ToString(), CultureInfo.InvariantCulture));

    private async Task CompareAsync()
    {
        await using var session = bank.Store.OpenQuerySession();
        for (var number = 1; number <= Documents; number++)
        {
            var counter = await session.LoadVersionedAsync<Counter>(number, Token);
            Compare(new DocumentKey(IsBranch: false, number), counter is null ? null : Text((int)counter.Value.Value), counter?.Version);
            var branch = await session.LoadVersionedAsync<Branch>($"{number}", Token);
            Compare(new DocumentKey(IsBranch: true, number), branch?.Value.Street, branch?.Version);
        }
    }

    private void Compare(DocumentKey key, string? content, StoredVersion? stored)
    {
        var document = _model.Find(key);
        (content, stored?.Version).ShouldBe((document is null ? null : Text(document.Content), document?.Version), $"{key}");
        if (stored is not { } version || document is null)
            return;

        _known.Add((key, version, document.Life));
        if (_lives.TryAdd(document.Life, version.Life))
            _known.ShouldNotContain(it => it.Key == key && it.Life != document.Life && it.Stored.Life == version.Life);
        else
            version.Life.ShouldBe(_lives[document.Life], $"{key}");
    }

    private static string Text(int content) => content.ToString(CultureInfo.InvariantCulture);

    private void Count(string outcome) => _outcomes[outcome] = _outcomes.GetValueOrDefault(outcome) + 1;

    private void Note(string what)
    {
        _last.Enqueue(what);
        if (_last.Count > CallsToShow)
            _last.Dequeue();
    }
}
