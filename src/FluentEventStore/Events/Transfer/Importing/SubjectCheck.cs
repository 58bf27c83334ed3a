using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FluentEventStore.Serialization;

namespace FluentEventStore.Events;

/// <summary>Checks the encrypted data of a file with the keys in it and in the store, so that nothing unreadable is imported.</summary>
internal sealed class SubjectCheck(SubjectKeyCache keys)
{
    private const int KeysAtOnce = 10_000;

    /// <summary>The key of each subject once those of the file are taken; <see langword="null"/> if it has none.</summary>
    private readonly Dictionary<(TenantId TenantId, SubjectId Subject), SubjectKey?> _keys = [];
    private readonly Dictionary<(TenantId TenantId, SubjectId Subject), SubjectKey> _added = [];
    private readonly HashSet<(TenantId TenantId, SubjectId Subject)> _forgottenElsewhere = [];
    private readonly HashSet<(TenantId TenantId, SubjectId Subject)> _without = [];
    private readonly List<(ImportedSubject Subject, ImportSource Source)> _lines = [];
    private ImportException? _missing;

    /// <summary>The forgotten subjects that the file holds personal data of.</summary>
    public HashSet<(TenantId TenantId, SubjectId Subject)> Forgotten { get; } = [];

    /// <summary>How many subjects have no key.</summary>
    public int Without => _without.Count;

    /// <summary>Notes what the file says of a subject. It holds for later events.</summary>
    public void Add(ImportedSubject subject, ImportSource source) => _lines.Add((subject, source));

    /// <summary>Checks what was noted, and the encrypted data of events.</summary>
    /// <exception cref="ImportException">The data could not be read.</exception>
    public async Task CheckAsync(IEnumerable<(ImportedEvent Event, ImportSource Source)> events, CancellationToken cancellationToken)
    {
        await LookUpAsync(_lines.Select(static line => (line.Subject.TenantId, line.Subject.Subject)), cancellationToken).ConfigureAwait(
            false);
        foreach (var (subject, source) in _lines)
            Take(subject, source);

        _lines.Clear();
        List<SealedPart> parts = [];
        foreach (var (@event, source) in events)
            Find(@event, source, parts);

        while (parts.Count > 0)
        {
            await LookUpAsync(parts.Select(static part => (part.Event.TenantId, part.Subject)), cancellationToken).ConfigureAwait(false);
            List<SealedPart> within = [];
            foreach (var part in parts)
                Check(part, within);

            parts = within;
        }
    }

    /// <summary>
    /// Takes the keys of the file. Forgets subjects that were forgotten in the exported store and, if asked for, those without a key.
    /// </summary>
    /// <exception cref="ImportException">Subjects have no key, or got one meanwhile.</exception>
    public async Task ApplyAsync(MissingKeys missingKeys, CancellationToken cancellationToken)
    {
        if (_missing is not null && missingKeys == MissingKeys.Refuse)
            throw _missing;

        foreach (var ofTenant in _added.GroupBy(static added => added.Key.TenantId))
        {
            foreach (var some in ofTenant.Chunk(KeysAtOnce))
            {
                var added = some.ToDictionary(static one => one.Key.Subject, static one => one.Value);
                await keys.AddAsync(ofTenant.Key, added, cancellationToken).ConfigureAwait(false);
                var found = await keys.LookUpAsync(ofTenant.Key, added.Keys, cancellationToken).ConfigureAwait(false);
                foreach (var (subject, key) in added)
                {
                    if (!found.TryGetValue(subject, out var kept) || !(kept.IsForgotten || IsSame(kept, key)))
                        throw OtherKey(new ImportSource(0, 0), ofTenant.Key, subject);
                }
            }
        }

        foreach (var ofTenant in _without.Concat(_forgottenElsewhere).GroupBy(static barred => barred.TenantId))
        {
            foreach (var some in ofTenant.Select(static barred => barred.Subject).Chunk(KeysAtOnce))
                await BarAsync(ofTenant.Key, some, cancellationToken).ConfigureAwait(false);
        }

        Forgotten.UnionWith(_without);
    }

    /// <summary>Forgets subjects that have no key, so that they never get one.</summary>
    private async Task BarAsync(TenantId tenantId, SubjectId[] subjects, CancellationToken cancellationToken)
    {
        // An import does not forget a subject that got a key since the check.
        var found = await keys.LookUpAsync(tenantId, subjects, cancellationToken).ConfigureAwait(false);
        foreach (var subject in subjects)
        {
            if (!found.TryGetValue(subject, out var key))
                await keys.ForgetAsync(tenantId, subject, cancellationToken).ConfigureAwait(false);
            else if (!key.IsForgotten)
                throw OtherKey(new ImportSource(0, 0), tenantId, subject);
        }
    }

    private async Task LookUpAsync(IEnumerable<(TenantId TenantId, SubjectId Subject)> subjects, CancellationToken cancellationToken)
    {
        foreach (var ofTenant in subjects.Where(subject => !_keys.ContainsKey(subject))
            .Distinct()
            .GroupBy(static subject => subject.TenantId))
        {
            SubjectId[] unknown = [.. ofTenant.Select(static subject => subject.Subject)];
            var found = await keys.LookUpAsync(ofTenant.Key, unknown, cancellationToken).ConfigureAwait(false);
            foreach (var subject in unknown)
                _keys.Add((ofTenant.Key, subject), found.GetValueOrDefault(subject));
        }
    }

    /// <summary>Takes what a line of the file says.</summary>
    private void Take(ImportedSubject line, ImportSource source)
    {
        var id = (line.TenantId, line.Subject);
        var known = _keys[id];
        if (line.Key.IsForgotten)
        {
            // Perhaps forgotten while the file was written, with the key on an earlier line.
            if (known is { IsForgotten: false } && !_added.Remove(id))
                throw source.Refuse(
                    ImportFault.ForgottenElsewhere,
                    $"subject '{line.Subject}' of tenant '{line.TenantId}' was forgotten in the exported store, but has a key here. "
                        + "Forget it here first, or leave its events out.");

            _keys[id] = SubjectKey.Forgotten;
            if (known is not { IsForgotten: true })
                _forgottenElsewhere.Add(id);
        }
        else if (known is null)
        {
            _keys[id] = _added[id] = line.Key;
        }
        else if (!known.IsForgotten && !IsSame(known, line.Key))
        {
            throw OtherKey(source, line.TenantId, line.Subject);
        }
    }

    private static void Find(ImportedEvent @event, ImportSource source, List<SealedPart> parts)
    {
        if (!SealedMark.MayBeIn(@event.Json.Span))
            return;

        try
        {
            if (SealedMark.Take(@event.Json.Span, out var json) is { } mark)
                SealedJson.Visit(
                    json,
                    "",
                    mark,
                    (subject, propertyName, data) => parts.Add(new SealedPart(@event, source, mark, subject, propertyName, data)));
        }
        catch (JsonException failure)
        {
            throw source.Refuse(ImportFault.Json, failure.Message, @event);
        }
    }

    private void Check(SealedPart part, List<SealedPart> within)
    {
        var id = (part.Event.TenantId, part.Subject);
        if (_keys[id] is not { } key)
        {
            _without.Add(id);
            _missing = part.Source.Refuse(
                ImportFault.MissingKey,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_without.Count} subject(s) with personal data in the file have a key neither there nor here. The last is "
                        + $"'{part.Subject}' of tenant '{part.Event.TenantId}'. Export with keys, import the keys first, or let such "
                        + $"subjects be forgotten ({nameof(MissingKeys)})."),
                part.Event);
            return;
        }

        if (key.IsForgotten)
        {
            Forgotten.Add(id);
            return;
        }

        try
        {
            var plain = SealedValue.Decrypt(part.Data, key, part.Subject, part.PropertyName, part.Event.Id);
            if (SealedValue.MayHoldOthers(part.Data))
                SealedJson.Visit(
                    plain,
                    part.PropertyName,
                    part.Mark,
                    (subject, propertyName, data) => within.Add(part with { Subject = subject, PropertyName = propertyName, Data = data }));
        }
        catch (JsonException failure)
        {
            throw part.Source.Refuse(
                ImportFault.OtherKey,
                $"'{part.PropertyName}' cannot be decrypted with the key that subject '{part.Subject}' has. {failure.Message}",
                part.Event);
        }
    }

    private static ImportException OtherKey(ImportSource source, TenantId tenantId, SubjectId subject) => source.Refuse(
        ImportFault.OtherKey, $"subject '{subject}' of tenant '{tenantId}' has another key here than in the exported store.");

    private static bool IsSame(SubjectKey one, SubjectKey other) => CryptographicOperations.FixedTimeEquals(one.Bytes, other.Bytes);

    /// <summary>An encrypted value of an event.</summary>
    private sealed record SealedPart(
        ImportedEvent Event, ImportSource Source, byte[] Mark, SubjectId Subject, string PropertyName, byte[] Data);
}
