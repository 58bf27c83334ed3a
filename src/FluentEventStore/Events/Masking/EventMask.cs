using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>
/// Applies the rules of masking to recorded events. The encrypted bytes of personal data that the rules leave alone stay the same.
/// </summary>
internal sealed class EventMask(IReadOnlyList<MaskRule> rules, SubjectKeyCache cache)
{
    /// <exception cref="InvalidOperationException">There is no rule.</exception>
    public void CheckRules()
    {
        if (rules.Count == 0)
            throw new InvalidOperationException("There is no rule for masking: add one with options.Privacy.Mask.");
    }

    /// <summary>Masks the events of a page that have a rule. The keys of personal data are fetched for all of them together.</summary>
    /// <exception cref="EventMaskException">A rule failed, or its result has no JSON.</exception>
    /// <exception cref="EventSerializationException">
    /// The JSON of an event does not fit its type, an upcaster failed, or the key of a subject is lost.
    /// </exception>
    public async ValueTask<MaskedPage> MaskAsync(IEnumerable<SealedEvent> page, CancellationToken cancellationToken)
    {
        var masked = new List<MaskedEvent>();
        var used = new List<UsedKeys>();
        foreach (var ofTenant in page.Where(IsCovered).GroupBy(static @event => @event.Metadata.TenantId))
        {
            // No cached keys: data stored in plain text before it was personal is encrypted now, and must not be with a lost key.
            var keys = new SealingKeys(ofTenant.Key, NoKeys.Instance);
            List<SealedEvent> waiting = [.. ofTenant];
            while (waiting.Count > 0)
            {
                var unread = new List<SealedEvent>();
                var unwritten = new List<SealedEvent>();
                foreach (var @event in waiting)
                    Mask(@event, keys, masked, unread, unwritten);

                if (unread.Count > 0)
                    keys.Add(await cache.FetchAsync(ofTenant.Key, Missing(unread), cancellationToken).ConfigureAwait(false));
                if (unwritten.Count > 0)
                    keys.Add(await cache.FetchOrCreateAsync(ofTenant.Key, Missing(unwritten), cancellationToken).ConfigureAwait(false));

                waiting = [.. unread, .. unwritten];
                waiting.ForEach(@event => PersonalData.CheckKeys(@event, keys));
            }

            if (cache.IsOfTheStore)
                used.Add(keys.Used);
        }

        return new MaskedPage(masked, used);
    }

    private bool IsCovered(SealedEvent @event) => rules.Any(rule => rule.Covers(@event.Type.Current.ClrType));

    private static HashSet<SubjectId> Missing(List<SealedEvent> events) => [.. events.SelectMany(static @event => @event.Missing)];

    private void Mask(SealedEvent @event, SealingKeys keys, List<MaskedEvent> masked, List<SealedEvent> unread, List<SealedEvent> unwritten)
    {
        var kept = new KeptValues();
        if (SealedEventJson.TryRead(@event.Type, @event.Metadata, @event.Json, keys, kept, out var scope) is not { } read)
        {
            unread.Add(@event with { Missing = scope.Missing });
            return;
        }

        var type = @event.Type.Current;
        var sealing = new Sealing(@event.Metadata.TenantId, @event.Metadata.Id, keys) { Mark = scope.Mark, Kept = kept };
        var before = Draft(@event, type, read.Data).Seal(sealing);
        string[] tagsBefore = [.. TagsOf(@event, type, read.Data), .. TagsAsStored(@event, keys)];
        var data = Apply(@event, read.Data);
        kept.Rewind();
        var after = Draft(@event, type, data).Seal(sealing);
        if (sealing.Missing.Count > 0)
            unwritten.Add(@event with { Missing = sealing.Missing });
        else if (!ReferenceEquals(data, read.Data) || !before.AsSpan().SequenceEqual(after))
            masked.Add(new MaskedEvent(@event.Metadata.Position, @event.Metadata.Id, type, after, tagsBefore, TagsOf(@event, type, data)));
    }

    private static string[] TagsOf(SealedEvent @event, EventType type, object data)
    {
        try
        {
            return Array.ConvertAll(type.TagsOf(data), static tag => tag.ToString());
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new EventMaskException(
                @event.Metadata.Location, $"the masked event has a property that cannot be a tag: {failure.Message}", failure);
        }
    }

    /// <summary>The tags of the shape in which the event is stored. It may have other properties than the shape that is read.</summary>
    private static string[] TagsAsStored(SealedEvent @event, ISubjectKeySource keys)
    {
        if (@event.Type.Current == @event.Type)
            return [];

        // Its keys are at hand: it has been read.
        return SealedEventJson.TryDecode(@event.Type, @event.Metadata, @event.Json, keys, kept: null, out _) is { } stored
            ? TagsOf(@event, @event.Type, stored)
            : [];
    }

    private object Apply(SealedEvent @event, object data)
    {
        var type = data.GetType();
        foreach (var rule in rules)
        {
            if (!rule.Covers(type))
                continue;

            object? masked;
            try
            {
                masked = rule.Apply(data);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                throw new EventMaskException(@event.Metadata.Location, $"the mask failed: {failure.Message}", failure);
            }

            if (masked?.GetType() != type)
                throw new EventMaskException(
                    @event.Metadata.Location,
                    $"the mask returned {masked?.GetType().ToString() ?? "null"} instead of {type}.",
                    null);

            data = masked;
        }

        return data;
    }

    private static EventDraft Draft(SealedEvent @event, EventType type, object data)
    {
        try
        {
            return EventDraft.Of(type, data, @event.Metadata.StreamId);
        }
        catch (EventSerializationException failure)
        {
            throw new EventMaskException(
                @event.Metadata.Location,
                $"the masked event has no JSON at {failure.Path}: {failure.Reason}",
                failure.InnerException);
        }
    }
}
