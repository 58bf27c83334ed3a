using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// Entity tags of what a store holds: the version that a client may expect, and a digest of the tenant, the id and the life of the thing,
/// so that a tag never comes back for something else.
/// </summary>
/// <remarks>
/// A tag of an answer that is rendered from a state (<c>"5-Xb3…~q0A…"</c>) has a digest of the answer behind the tilde: the same state may
/// be shown differently, by a newer release or once personal data is forgotten. Where a client expects a state, only the part before the
/// tilde counts.
/// </remarks>
public static class EntityTags
{
    internal const char Divider = '~';

    // 72 bits: among a billion tags, two are the same with a chance of one in ten thousand.
    private const int DigestBytes = 9;

    /// <summary>The tag of a state of a stream, and of an aggregate that is folded from it.</summary>
    /// <param name="tenantId">The tenant of the stream.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="version">The state, as it was read.</param>
    /// <returns>With its quotation marks, for the header <c>ETag</c>.</returns>
    public static string ForStream(TenantId tenantId, StreamId streamId, StoredVersion version) =>
        Quote(StateOf(tenantId, "stream", streamId.Value, version));

    /// <summary>The tag of a state of a document.</summary>
    /// <typeparam name="T">The type of the document.</typeparam>
    /// <param name="tenantId">The tenant of the document.</param>
    /// <param name="id">Its id.</param>
    /// <param name="version">The state, as it was loaded.</param>
    /// <returns>With its quotation marks, for the header <c>ETag</c>.</returns>
    public static string ForDocument<T>(TenantId tenantId, DocumentId id, StoredVersion version)
        where T : class => Quote(StateOf(tenantId, typeof(T).FullName!, id.ToString(), version));

    /// <summary>The tag of an answer that is rendered from a state.</summary>
    internal static string Rendered(string stateTag, ReadOnlySpan<byte> body) => Quote($"{stateTag.Trim('"')}{Divider}{Digest(body)}");

    /// <summary>The tag of an answer that shows no single state: a list, or a page.</summary>
    /// <param name="tenantId">The tenant whose things are shown: an empty page of two tenants is two answers.</param>
    /// <param name="versions">The states that are shown, in their order: two states may look the same.</param>
    /// <param name="body">The answer.</param>
    internal static string ForAnswer(TenantId tenantId, IEnumerable<StoredVersion> versions, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var states = versions.Select(static version => string.Create(
            CultureInfo.InvariantCulture, $"{version.Version} {version.Life} {version.Rewrites}"));
        hash.AppendData(Encoding.UTF8.GetBytes($"{tenantId.Value}\n{string.Join(',', states)}\n"));
        hash.AppendData(body);
        return Quote(Base64Url.EncodeToString(hash.GetHashAndReset().AsSpan(0, DigestBytes)));
    }

    /// <summary>The part of a tag that tells the state, without quotation marks.</summary>
    internal static ReadOnlySpan<char> StatePart(ReadOnlySpan<char> tag)
    {
        tag = tag.Trim('"');
        var end = tag.IndexOf(Divider);
        return end < 0 ? tag : tag[..end];
    }

    private static string StateOf(TenantId tenantId, string kind, string id, StoredVersion version)
    {
        // A control character is in no tenant and in no name of a type, so the parts cannot run into each other.
        var text = string.Create(CultureInfo.InvariantCulture, $"{kind}\n{tenantId.Value}\n{version.Life}\n{version.Rewrites}\n{id}");
        return string.Create(CultureInfo.InvariantCulture, $"{version.Version}-{Digest(Encoding.UTF8.GetBytes(text))}");
    }

    private static string Digest(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        return Base64Url.EncodeToString(hash[..DigestBytes]);
    }

    private static string Quote(string text) => $"\"{text}\"";
}
