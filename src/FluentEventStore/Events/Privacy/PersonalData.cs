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

        var drafts = events
            .Where(static @event => @event.Type.HoldsPersonalData)
            .Select(static @event => (Event: @event, Draft: EventDraft.Of(@event.Type, @event.Data, @event.Stream.StreamId)))
            .ToList();
        ISubjectKeySource keys = cache;
        while (true)
        {
            var missing = new HashSet<SubjectId>();
            foreach (var (@event, draft) in drafts)
            {
                // What stands for events of a forgotten subject was made of what these read as.
                var sealing = new Sealing(tenantId, @event.Id, keys) { TakesForgotten = @event.StandsForOthers };
                @event.Encoded = draft.Seal(sealing);
                missing.UnionWith(sealing.Missing);
                if (!sealing.TakesForgotten && sealing.OfForgotten.FirstOrDefault() is { IsDefault: false } forgotten)
                    throw new SubjectForgottenException(tenantId, forgotten);
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
        SealedEventJson.TryRead(type, metadata, json, cache, kept: null, out var scope) ?? new SealedEvent(type, metadata, json.ToArray(), scope.Missing).AsEvent();

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
        return SealedEventJson.TryRead(@event.Type, @event.Metadata, @event.Json, keys, kept: null, out var scope) ?? (@event with { Missing = scope.Missing }).AsEvent();
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
}
