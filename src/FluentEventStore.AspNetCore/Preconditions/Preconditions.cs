using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace FluentEventStore.AspNetCore;

/// <summary>
/// What a request expects of the thing that it changes, by <c>If-Match</c> and <c>If-None-Match</c> as RFC 9110 has them. A handler takes
/// it as a parameter, and asks it with the state that it loaded.
/// </summary>
public sealed class Preconditions : IBindableFromHttpContext<Preconditions>
{
    private readonly StringValues _ifMatchText;
    private readonly StringValues _ifNoneMatchText;
    private readonly IList<EntityTagHeaderValue> _ifMatch;
    private readonly IList<EntityTagHeaderValue> _ifNoneMatch;

    private Preconditions(IHeaderDictionary headers)
    {
        (_ifMatchText, _ifNoneMatchText) = (headers.IfMatch, headers.IfNoneMatch);
        _ifMatch = Parse(HeaderNames.IfMatch, _ifMatchText);
        _ifNoneMatch = Parse(HeaderNames.IfNoneMatch, _ifNoneMatchText);
    }

    /// <summary>Whether the request expects anything.</summary>
    public bool Exist => _ifMatch.Count > 0 || _ifNoneMatch.Count > 0;

    /// <summary>The preconditions of a request.</summary>
    /// <exception cref="BadHttpRequestException">A header is malformed: the request is answered with 400.</exception>
    public static Preconditions Of(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new Preconditions(context.Request.Headers);
    }

    /// <inheritdoc/>
    public static ValueTask<Preconditions?> BindAsync(HttpContext context, ParameterInfo parameter) => new(Of(context));

    /// <summary>Checks a state of a stream, or of an aggregate that is folded from it.</summary>
    /// <param name="tenantId">The tenant of the stream: that of the session which read it.</param>
    /// <param name="streamId">The stream.</param>
    /// <param name="version">The state; version 0 if there is none.</param>
    /// <exception cref="PreconditionFailedException">The request expects another.</exception>
    public void CheckStream(TenantId tenantId, StreamId streamId, StoredVersion version)
    {
        if (Exist)
            Check(version.Version, version.Version == 0 ? null : EntityTags.ForStream(tenantId, streamId, version), isRendered: true);
    }

    /// <summary>Checks a state of a document.</summary>
    /// <typeparam name="T">The type of the document.</typeparam>
    /// <param name="tenantId">The tenant of the document: that of the session which loaded it.</param>
    /// <param name="id">Its id.</param>
    /// <param name="version">The state; <see langword="null"/> if there is no document.</param>
    /// <exception cref="PreconditionFailedException">The request expects another.</exception>
    public void CheckDocument<T>(TenantId tenantId, DocumentId id, StoredVersion? version)
        where T : class
    {
        if (Exist)
            Check(
                version?.Version ?? 0,
                version is { } stored ? EntityTags.ForDocument<T>(tenantId, id, stored) : null,
                isRendered: false);
    }

    /// <summary>Whether the client has an answer already: its tag is the same, compared weakly.</summary>
    internal bool Knows(string tag) =>
        _ifNoneMatch.Any(known => IsAny(known) || known.Tag.Equals(tag, StringComparison.Ordinal));

    /// <summary>Checks what an answer shows against <c>If-Match</c> alone.</summary>
    /// <exception cref="PreconditionFailedException">The request expects another state.</exception>
    internal void CheckMatch(long version, string? tag) =>
        CheckMatch(version, tag, isRendered: tag?.Contains(EntityTags.Divider, StringComparison.Ordinal) ?? false);

    private void CheckMatch(long version, string? tag, bool isRendered)
    {
        var isMatched = tag is not null
            && _ifMatch.Any(expected => IsAny(expected) || (!expected.IsWeak && Is(expected, tag, isRendered)));
        if (_ifMatch.Count > 0 && !isMatched)
            throw new PreconditionFailedException($"{HeaderNames.IfMatch}: {_ifMatchText}", version);
    }

    private void Check(long version, string? tag, bool isRendered)
    {
        CheckMatch(version, tag, isRendered);
        if (_ifNoneMatch.Any(known => tag is not null && (IsAny(known) || Is(known, tag, isRendered))))
            throw new PreconditionFailedException($"{HeaderNames.IfNoneMatch}: {_ifNoneMatchText}", version);
    }

    private static bool IsAny(EntityTagHeaderValue tag) => tag.Tag == "*";

    // Of what is rendered from a state, only the state counts. Other tags have nothing behind it.
    private static bool Is(EntityTagHeaderValue tag, string expected, bool isRendered) => isRendered
        ? EntityTags.StatePart(tag.Tag.AsSpan()).Equals(EntityTags.StatePart(expected), StringComparison.Ordinal)
        : tag.Tag.Equals(expected, StringComparison.Ordinal);

    private static IList<EntityTagHeaderValue> Parse(string name, StringValues values)
    {
        // One that is there but empty is a list of no tags, which RFC 9110 does not have: it is no request that expects nothing.
        if (values.Count == 0)
            return [];

        return EntityTagHeaderValue.TryParseStrictList(values, out var tags)
            && (tags.Count == 1 || (tags.Count > 1 && !tags.Any(IsAny)))
            ? tags
            : throw new BadHttpRequestException($"{name} is neither * nor a list of entity tags, as in \"5-Xb3\".");
    }
}
