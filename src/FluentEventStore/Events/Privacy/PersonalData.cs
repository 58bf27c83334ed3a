using System.Runtime.ExceptionServices;
using System.Text.Json;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>Encrypts the personal data of units and decrypts that of pages. The keys of a unit or a page are fetched together.</summary>
internal sealed class PersonalData(SubjectKeyCache cache)
{
    /// <summary>Encrypts the events of a unit some of which hold personal data. Fetches keys only if some are not at hand.</summary>
    /// <param name="tenantId">The tenant of the unit.</param>
    /// <param name="plain">The JSON of the events without personal data, by their ids.</param>
    /// <param name="drafts">The others.</param>
    /// <param name="cancellationToken">Cancels fetching keys.</param>
    /// <exception cref="SubjectForgottenException">A subject was forgotten.</exception>
    public ValueTask<SealedUnit> SealAsync(
        TenantId tenantId, IReadOnlyDictionary<Guid, byte[]> plain, IReadOnlyList<UnitDraft> drafts, CancellationToken cancellationToken) =>
        SealAsync(tenantId, plain, drafts, cache, cancellationToken);

    /// <summary>Encrypts the events of a unit again, with the current keys: those that it was encrypted with are lost.</summary>
    /// <exception cref="SubjectForgottenException">A subject was forgotten.</exception>
    public async ValueTask<SealedUnit> RenewAsync(SealedUnit unit, CancellationToken cancellationToken)
    {
        var renewed = await SealAsync(unit.TenantId, unit.Plain, unit.Drafts, NoKeys.Instance, cancellationToken).ConfigureAwait(false);

        // They are not lost: the transaction of the caller cannot see them, as its snapshot is older.
        return renewed.Used.AreThoseOf(unit.Used) ? renewed.Unchecked() : renewed;
    }

    private async ValueTask<SealedUnit> SealAsync(
        TenantId tenantId,
        IReadOnlyDictionary<Guid, byte[]> plain,
        IReadOnlyList<UnitDraft> drafts,
        ISubjectKeySource atHand,
        CancellationToken cancellationToken)
    {
        var keys = new SealingKeys(tenantId, atHand);
        while (true)
        {
            var missing = new HashSet<SubjectId>();
            var encrypted = new Dictionary<Guid, byte[]>(drafts.Count);
            foreach (var (id, standsForOthers, draft) in drafts)
            {
                // An event that stands for events of a forgotten subject was made from their replacements.
                var sealing = new Sealing(tenantId, id, keys) { TakesForgotten = standsForOthers };
                encrypted[id] = draft.Seal(sealing);
                missing.UnionWith(sealing.Missing);
                if (!standsForOthers && sealing.OfForgotten.FirstOrDefault() is { IsDefault: false } forgotten)
                    throw new SubjectForgottenException(tenantId, forgotten);
            }

            if (missing.Count == 0)
                return new SealedUnit(tenantId, plain, drafts, encrypted, keys, keys.Used) { AreKeysChecked = cache.IsOfTheStore };

            var fetched = await cache.FetchOrCreateAsync(tenantId, missing, cancellationToken).ConfigureAwait(false);
            if (missing.FirstOrDefault(subject => !fetched.TryGet(tenantId, subject, out _)) is { IsDefault: false } withoutKey)
                throw new InvalidOperationException(
                    $"The implementation of {nameof(ISubjectKeys)} gave no key for subject '{withoutKey}'.");

            keys.Add(fetched);
        }
    }

    /// <summary>
    /// Decodes an event that may hold personal data: at once if the keys are at hand, else later, in <see cref="OpenAsync"/>.
    /// </summary>
    public IEvent Read(EventType type, in EventMetadata metadata, ReadOnlySpan<byte> json) => Read(type, metadata, json, cache);

    /// <summary>Decodes an event of a unit that is being saved, with the keys that it was encrypted with.</summary>
    public static IEvent Read(EventType type, in EventMetadata metadata, ReadOnlySpan<byte> json, ISubjectKeySource keys) =>
        SealedEventJson.TryRead(type, metadata, json, keys, kept: null, out var scope)
            ?? new SealedEvent(type, metadata, json.ToArray(), scope.Missing).AsEvent();

    /// <summary>Decodes, in its place, what was not decoded at once.</summary>
    /// <exception cref="EventSerializationException">
    /// The JSON of an event does not fit its type, or the key of a subject is lost.
    /// </exception>
    public ValueTask OpenAsync(IReadOnlyCollection<List<IEvent>> pages, CancellationToken cancellationToken) =>
        OpenEachAsync(pages, Open, cancellationToken);

    /// <summary>
    /// As <see cref="OpenAsync"/>; what cannot be decoded stays in its place as
    /// <see cref="UnreadableEvent"/>. If keys cannot be fetched, that is the failure of all.
    /// </summary>
    /// <returns><see langword="null"/>: no failure ends the page.</returns>
    public async ValueTask<ExceptionDispatchInfo?> OpenInPlaceAsync(List<IEvent> page, CancellationToken cancellationToken)
    {
        await OpenEachAsync([page], OpenOrKeep, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async ValueTask OpenEachAsync(
        IReadOnlyCollection<List<IEvent>> pages, Func<SealedEvent, ISubjectKeySource, IEvent> open, CancellationToken cancellationToken)
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
                        events[index] = open(@event, keys);
                }
            }
        }
    }

    /// <summary>
    /// As <see cref="OpenAsync"/>, up to the first event that cannot be decoded: that one and those after it are taken out of the page.
    /// </summary>
    /// <returns>Why it cannot be decoded; <see langword="null"/> if all were decoded.</returns>
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
                // An event before it may still lack keys that it turned out to need only now.
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

        // A constructor that refuses the stand-in for encrypted data may have hidden further subjects.
        return SealedEventJson.TryRead(@event.Type, @event.Metadata, @event.Json, keys, kept: null, out var scope)
            ?? (@event with { Missing = scope.Missing }).AsEvent();
    }

    private static IEvent OpenOrKeep(SealedEvent @event, ISubjectKeySource keys)
    {
        try
        {
            return Open(@event, keys);
        }
        catch (EventException failure)
        {
            return new UnreadableEvent(@event.Metadata, ExceptionDispatchInfo.Capture(failure));
        }
    }

    /// <summary>Throws if a key is still missing.</summary>
    /// <exception cref="EventSerializationException">It is lost.</exception>
    public static void CheckKeys(SealedEvent @event, ISubjectKeySource keys)
    {
        foreach (var subject in @event.Missing)
        {
            if (!keys.TryGet(@event.Metadata.TenantId, subject, out _))
            {
                var lost = new JsonException(
                    $"It holds personal data of subject '{subject}', whose key is lost: no key was found, nor was it forgotten.");
                throw EventJson.Unreadable(@event.Metadata, @event.Json, offset: 0, lost);
            }
        }
    }
}
