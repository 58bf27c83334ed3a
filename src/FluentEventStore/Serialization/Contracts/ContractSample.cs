using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace FluentEventStore.Serialization;

/// <summary>Replays the sample of one version of an event as a store would.</summary>
internal static class ContractSample
{
    /// <summary>What is wrong with the sample; <see langword="null"/> if nothing is.</summary>
    public static EventContractFailure? Replay(string name, int version, string json)
    {
        if (json.Length == 0)
            return new EventContractFailure(name, version, "$", "It has no sample: add one to the contract, in its stored form.");

        if (!EventCatalog.TryGet(name, version, out var type))
            return new EventContractFailure(name, version, "$", "Neither a type nor an upcaster reads it.");

        var metadata = MetadataOf(type);
        var prefix = "";

        // Personal data is in the sample in plain text, and is encrypted when it is written.
        var keys = new OneKey();
        try
        {
            var read = EventJson.Read(type, metadata, Encoding.UTF8.GetBytes(json));
            prefix = "The event that was read from its sample cannot be written: ";
            var written = EventDraft.Of(type.Current, read.Data, metadata.StreamId).Seal(new Sealing(TenantId.Default, metadata.Id, keys));
            prefix = "The event that was read from its sample cannot be read again after it was written: ";
            SealedEventJson.TryRead(type.Current, metadata, written, keys, kept: null, out _);
            return null;
        }
        catch (EventSerializationException failure)
        {
            return new EventContractFailure(name, version, failure.Path, prefix + failure.Reason);
        }
    }

    // The same every time, so that an upcaster that looks at it always gives the same result.
    private static EventMetadata MetadataOf(EventType type) => new()
    {
        Id = Guid.Empty,
        Position = 1,
        StreamId = "sample",
        Version = 1,
        TypeName = type.Name,
        TypeVersion = type.Version,
        Timestamp = DateTimeOffset.UnixEpoch,
        TenantId = TenantId.Default,
    };

    /// <summary>Gives every subject the same key, made for one replay.</summary>
    private sealed class OneKey : ISubjectKeySource
    {
        private readonly SubjectKey _key = new(RandomNumberGenerator.GetBytes(SubjectKey.Length));

        public bool TryGet(TenantId tenantId, SubjectId subject, [NotNullWhen(true)] out SubjectKey? key)
        {
            key = _key;
            return true;
        }
    }
}
