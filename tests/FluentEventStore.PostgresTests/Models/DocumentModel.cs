namespace FluentEventStore.PostgresTests.Models;

/// <summary>Documents as they ought to be: plain objects in memory, one unit after the other.</summary>
public sealed class DocumentModel
{
    private Dictionary<DocumentKey, State> _documents = [];
    private int _lives;

    /// <summary>A document: how often it was written, which of those that had its id, and what it says.</summary>
    public sealed record State(long Version, int Life, int Content);

    /// <summary>What a call expects of a document.</summary>
    /// <param name="Version">Its version.</param>
    /// <param name="Life">Which of those that had the id it must be; <see langword="null"/> if any.</param>
    public sealed record Expectation(long Version, int? Life);

    /// <summary>What a unit is to do with a document.</summary>
    public sealed record Change(DocumentVerb Verb, int Content, Expectation? Expected);

    /// <summary>Why a unit may be refused.</summary>
    public sealed record Refusal(Type Exception, DocumentKey Key, long Expected = 0, long Actual = 0);

    public State? Find(DocumentKey key) => _documents.GetValueOrDefault(key);

    /// <summary>As it was, to go back to.</summary>
    public Action Remember()
    {
        var documents = _documents.ToDictionary();
        return () => _documents = documents;
    }

    /// <summary>Adds a call to a unit.</summary>
    /// <returns>The exception that it is refused with; <see langword="null"/> if it is taken.</returns>
    public static Type? Take(Dictionary<DocumentKey, Change> unit, DocumentKey key, Change call)
    {
        var earlier = unit.GetValueOrDefault(key);
        switch (call.Verb, earlier?.Verb)
        {
            case (DocumentVerb.Insert, DocumentVerb.Insert or DocumentVerb.Update or DocumentVerb.Store):
                return typeof(DocumentAlreadyExistsException);
            case (DocumentVerb.Update, DocumentVerb.Delete):
                return typeof(DocumentNotFoundException);
            case (DocumentVerb.Delete, _):
                break;
            case (_, DocumentVerb.Insert or DocumentVerb.Update):
                call = call with { Verb = earlier!.Verb };
                break;
            case (_, DocumentVerb.Delete or DocumentVerb.Store):
                call = call with { Verb = DocumentVerb.Store };
                break;
            default:
                break;
        }

        unit[key] = call with { Expected = call.Verb == DocumentVerb.Insert ? null : earlier?.Expected ?? call.Expected };
        return null;
    }

    /// <summary>Writes a unit, all of it or nothing.</summary>
    /// <returns>What it may be refused for; nothing if it is written.</returns>
    public IReadOnlyList<Refusal> Save(IReadOnlyDictionary<DocumentKey, Change> unit)
    {
        List<Refusal> refusals = [.. unit.Select(pair => Judge(pair.Key, pair.Value)).OfType<Refusal>()];
        if (refusals.Count > 0)
            return refusals;

        foreach (var (key, change) in unit)
        {
            if (change.Verb == DocumentVerb.Delete)
                _documents.Remove(key);
            else
                _documents[key] = Find(key) is { } document
                    ? document with { Version = document.Version + 1, Content = change.Content }
                    : new State(1, ++_lives, change.Content);
        }

        return [];
    }

    private Refusal? Judge(DocumentKey key, Change change) => (change, Find(key)) switch
    {
        ({ Expected: { } expected }, var document) => document is not null
            && document.Version == expected.Version
            && (expected.Life is null || document.Life == expected.Life)
                ? null
                : new Refusal(typeof(DocumentConflictException), key, expected.Version, document?.Version ?? 0),
        ({ Verb: DocumentVerb.Insert }, not null) => new Refusal(typeof(DocumentAlreadyExistsException), key),
        ({ Verb: DocumentVerb.Update }, null) => new Refusal(typeof(DocumentNotFoundException), key),
        _ => null,
    };
}
