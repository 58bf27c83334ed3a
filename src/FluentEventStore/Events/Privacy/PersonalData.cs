using System.Runtime.ExceptionServices;
using System.Text.Json;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>Encrypts the personal data of units and decrypts that of pages. The keys of each are fetched together.</summary>
internal sealed class PersonalData(SubjectKeyCache cache)
{
    /// <summary>Encodes the events of a unit ahead where some hold personal data. Asks for keys only where some are not at hand.</summary>
    /// <exception cref="SubjectForgottenException">A subject was forgotten.</exception>
    /// <exception cref="EventSerializationException">An event has no JSON, or a subject is none.</exception>
    public async ValueTask SealAsync(TenantId tenantId, IReadOnlyCollection<PendingEvent> events, CancellationToken cancellationToken)
    {
        // The others too: what is written is what they are now, not what they have become when the keys are there.
        using var payloads = new JsonWriter();
        foreach (var @event in events)
        {
            if (!@event.Type.HoldsPersonalData)
                @event.Encoded = EventJson.Write(@event.Type, @event.Data, @event.Stream.StreamId, payloads.Reset()).ToArray();
        }

        ISubjectKeySource keys = cache;
        while (true)
        {
            var missing = new HashSet<SubjectId>();
            foreach (var @event in events)
            {
                // What stands for events of a forgotten subject was made of what these read as.
                if (@event.Type.HoldsPersonalData)
                    @event.Encoded = Encode(@event, tenantId, keys, missing, takesForgotten: @event.StandsForOthers);
            }

            if (missing.Count == 0)
                return;

            var fetched = await cache.FetchOrCreateAsync(tenantId, missing, cancellationToken).ConfigureAwait(false);
            if (missing.FirstOrDefault(subject => !fetched.TryGet(tenantId, subject, out _)) is { IsDefault: false } withoutKey)
                throw new InvalidOperationException($"The implementation of {nameof(ISubjectKeys)} gave no key for subject '{withoutKey}'.");

            keys = fetched.With(keys);
        }
    }

    /// <summary>Decodes an event that may hold personal data: at once where the keys are at hand, else as one to <see cref="OpenAsync"/> later.</summary>
    public IEvent Read(EventType type, in EventMetadata metadata, ReadOnlySpan<byte> json) =>
        TryRead(type, metadata, json, cache, kept: null, out var scope) ?? new SealedEvent(type, metadata, json.ToArray(), scope.Missing).AsEvent();

    /// <summary>Decodes what <see cref="Read"/> could not, in its place.</summary>
    /// <exception cref="EventSerializationException">The JSON of an event does not fit its type, or the key of a subject is lost.</exception>
    public async ValueTask OpenAsync(IReadOnlyCollection<List<IEvent>> pages, CancellationToken cancellationToken)
    {
        ISubjectKeySource keys = cache;
        while (FindMissing(pages) is { } missing)
        {
            foreach (var (tenantId, subjects) in missing)
                keys = (await cache.FetchAsync(tenantId, subjects, cancellationToken).ConfigureAwait(false)).With(keys);

            foreach (var events in pages)
            {
                for (var index = 0; index < events.Count; index++)
                {
                    if (SealedEvent.Of(events[index]) is { } @event)
                        events[index] = Open(@event, keys);
                }
            }
        }
    }

    /// <summary>As <see cref="OpenAsync"/>, up to the first event that cannot be decoded: it and those after it are taken out of the page.</summary>
    /// <returns>Why it cannot be; <see langword="null"/> where all were decoded.</returns>
    public async ValueTask<ExceptionDispatchInfo?> OpenReadableAsync(List<IEvent> page, CancellationToken cancellationToken)
    {
        var first = default(ExceptionDispatchInfo);
        while (true)
        {
            try
            {
                await OpenAsync([page], cancellationToken).ConfigureAwait(false);
                return first;
            }
            catch (EventException failure)
            {
                // One before it may still be closed, for keys that it asks for only now.
                first = ExceptionDispatchInfo.Capture(failure);
                var index = page.FindIndex(@event => @event.Position == failure.Position);
                page.RemoveRange(index, page.Count - index);
            }
        }
    }

    private static Dictionary<TenantId, HashSet<SubjectId>>? FindMissing(IReadOnlyCollection<List<IEvent>> pages)
    {
        Dictionary<TenantId, HashSet<SubjectId>>? missing = null;
        foreach (var events in pages)
        {
            foreach (var @event in events)
            {
                if (SealedEvent.Of(@event) is not { } found)
                    continue;

                missing ??= [];
                if (!missing.TryGetValue(@event.TenantId, out var subjects))
                    missing.Add(@event.TenantId, subjects = []);

                subjects.UnionWith(found.Missing);
            }
        }

        return missing;
    }

    private static IEvent Open(SealedEvent @event, ISubjectKeySource keys)
    {
        CheckKeys(@event, keys);

        // A constructor that refuses the stand-in for what could not be decrypted may have hidden further subjects.
        return TryRead(@event.Type, @event.Metadata, @event.Json, keys, kept: null, out var scope) ?? (@event with { Missing = scope.Missing }).AsEvent();
    }

    /// <summary>Throws where a key that was missing is still not there.</summary>
    /// <exception cref="EventSerializationException">It is lost.</exception>
    public static void CheckKeys(SealedEvent @event, ISubjectKeySource keys)
    {
        foreach (var subject in @event.Missing)
        {
            if (!keys.TryGet(@event.Metadata.TenantId, subject, out _))
            {
                var lost = new JsonException($"It holds personal data of subject '{subject}', whose key is lost: it was neither found nor forgotten.");
                throw EventJson.Unreadable(@event.Metadata, @event.Json, offset: 0, lost);
            }
        }
    }

    /// <summary>Decodes an event; <see langword="null"/> where keys are missing.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="json">Its data as it is stored.</param>
    /// <param name="keys">The keys that are at hand.</param>
    /// <param name="kept">Takes the values as they are encrypted; <see langword="null"/> where nobody needs them.</param>
    /// <param name="scope">What it was decoded in, which names the missing keys.</param>
    public static IEvent? TryRead(
        EventType type, in EventMetadata metadata, ReadOnlySpan<byte> json, ISubjectKeySource keys, KeptValues? kept, out PersonalDataScope scope)
    {
        if (TryDecode(type, metadata, json, keys, kept, out scope) is not { } data)
            return null;

        try
        {
            return type.Record(data, metadata);
        }
        catch (EventSerializationException failure)
        {
            throw EventJson.Unreadable(metadata, json, offset: 0, failure);
        }
    }

    /// <summary>Decodes the data of an event, in the shape in which it is stored; <see langword="null"/> where keys are missing.</summary>
    /// <inheritdoc cref="TryRead" path="/param"/>
    public static object? TryDecode(
        EventType type, in EventMetadata metadata, ReadOnlySpan<byte> json, ISubjectKeySource keys, KeptValues? kept, out PersonalDataScope scope)
    {
        var (mark, data) = TakeMark(metadata, json);
        scope = new PersonalDataScope(metadata.TenantId, metadata.Id, keys, mark) { Kept = kept };
        var decoded = Decode(type, metadata, data, scope);
        return scope.IsIncomplete ? null : decoded;
    }

    /// <summary>Encodes an event that holds personal data: what is encrypted in it is marked.</summary>
    public static byte[] Mark(ReadOnlySpan<byte> json, PersonalDataScope scope) =>
        scope.Mark is { } mark && SealedValue.MayBeIn(json) ? SealedMark.Add(json, mark) : json.ToArray();

    private static (byte[]? Mark, byte[] Data) TakeMark(in EventMetadata metadata, ReadOnlySpan<byte> json)
    {
        try
        {
            var mark = SealedMark.Take(json, out var rest);
            return (mark, mark is null ? json.ToArray() : rest);
        }
        catch (JsonException failure)
        {
            throw EventJson.Unreadable(metadata, json, offset: 0, failure);
        }
    }

    /// <returns>The data; <see langword="null"/> where keys are missing and a type refused what stood for what they open.</returns>
    private static object? Decode(EventType type, in EventMetadata metadata, ReadOnlySpan<byte> json, PersonalDataScope scope)
    {
        var reader = new Utf8JsonReader(json);
        scope.Enter();
        try
        {
            reader.Read();
            return type.ReadData(ref reader);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return scope.IsIncomplete ? null : throw EventJson.Unreadable(metadata, json, reader.TokenStartIndex, failure);
        }
        finally
        {
            PersonalDataScope.Leave();
        }
    }

    private static byte[] Encode(PendingEvent @event, TenantId tenantId, ISubjectKeySource keys, HashSet<SubjectId> missing, bool takesForgotten)
    {
        using var payload = new JsonWriter();
        var scope = new PersonalDataScope(tenantId, @event.Id, keys) { TakesForgotten = takesForgotten };
        scope.Enter();
        try
        {
            var json = EventJson.Write(@event.Type, @event.Data, @event.Stream.StreamId, payload);
            if (scope.Forgotten is { } forgotten)
                throw new SubjectForgottenException(tenantId, forgotten);

            missing.UnionWith(scope.Missing);
            return Mark(json.Span, scope);
        }
        finally
        {
            PersonalDataScope.Leave();
        }
    }
}
