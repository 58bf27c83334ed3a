using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FluentEventStore.AspNetCore;

/// <summary>How the store works in requests. Set when the application is set up.</summary>
public sealed class EventStoreWebOptions
{
    internal const string PagesOfProblems =
        "https://github.com/FluentEventStore/FluentEventStore/blob/main/docs/reference/problems.md#";

    /// <summary>What holds if the application sets nothing.</summary>
    internal static EventStoreWebOptions Default { get; } = new();

    /// <summary>On whose behalf a request works: written with each event.</summary>
    /// <value>Default: the name of the identity, if it is authenticated.</value>
    public Func<ClaimsPrincipal, string?> UserName
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(UserName));
            field = value;
        }
    } = static user => user.Identity is { IsAuthenticated: true } identity ? identity.Name : null;

    /// <summary>
    /// How long a request saves its unit again if the connection broke after the unit was sent. Nothing is written twice. Then it is
    /// answered with 503.
    /// </summary>
    /// <value>Zero: not at all. Default: 10 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan UnknownOutcomePatience
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, nameof(UnknownOutcomePatience));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client is asked to wait where the database could not be reached: <c>Retry-After</c>.</summary>
    /// <value>One second or more. Default: 2 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below one second.</exception>
    public TimeSpan RetryAfter
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1), nameof(RetryAfter));
            field = value;
        }
    } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long server-sent events are silent at most: if there is nothing new, a comment is sent, so that nobody between takes the
    /// connection for dead, and a client that has gone without a word is noticed.
    /// </summary>
    /// <value>Greater than zero. Default: 15 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan Heartbeat
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(Heartbeat));
            field = value;
        }
    } = TimeSpan.FromSeconds(15);

    /// <summary>Where the types of problems lead to: the name of a problem is added to it, as in <c>stream-version-conflict</c>.</summary>
    /// <value>Default: the page of problems in the documentation.</value>
    /// <exception cref="ArgumentException">The value is no absolute URI.</exception>
    public string ProblemTypes
    {
        get;
        set
        {
            if (!Uri.TryCreate(value, UriKind.Absolute, out _))
                throw new ArgumentException("The types of problems begin with an absolute URI.", nameof(ProblemTypes));

            field = value;
        }
    } = PagesOfProblems;

    internal List<TenantSource> TenantSources { get; } = [];

    internal List<ExceptionMapping> Exceptions { get; } = [];

    /// <summary>
    /// Takes the tenant of a request from a header. Several sources are asked in the order of these calls, until one names a tenant. A
    /// request that names none, or several by header lines of the name, is answered with 400 if it needs one.
    /// </summary>
    /// <returns>This.</returns>
    public EventStoreWebOptions TenantFromHeader(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(new TenantSource(context => context.Request.Headers[name], name));
    }

    /// <summary>Takes the tenant of a request from a value of its route: <c>/{tenant}/accounts</c>.</summary>
    /// <inheritdoc cref="TenantFromHeader" path="/returns"/>
    public EventStoreWebOptions TenantFromRoute(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(new TenantSource(context => context.GetRouteValue(name)?.ToString()));
    }

    /// <summary>Takes the tenant of a request from its host: the part that stands for the star in <c>*.bank.example</c>.</summary>
    /// <inheritdoc cref="TenantFromHeader" path="/returns"/>
    /// <exception cref="ArgumentException">The pattern does not begin with a star and a dot.</exception>
    public EventStoreWebOptions TenantFromHost(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (!pattern.StartsWith("*.", StringComparison.Ordinal) || pattern.Length < 3)
            throw new ArgumentException($"'{pattern}' does not begin with a star and a dot, as in *.bank.example.", nameof(pattern));

        return Add(new TenantSource(context => PartBefore(context.Request.Host.Host, pattern[1..]), "Host"));
    }

    /// <summary>Takes the tenant of a request from a claim of its user.</summary>
    /// <inheritdoc cref="TenantFromHeader" path="/returns"/>
    /// <remarks>
    /// A source after this one counts only where it is sure that the user has no such claim: in units of work, commands and results of the
    /// store, and behind <c>app.UseEventStoreTenants()</c>. Elsewhere, to open a session throws.
    /// </remarks>
    public EventStoreWebOptions TenantFromClaim(string type)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        return Add(new TenantSource(context => context.User.FindFirst(type)?.Value, IsOfUser: true));
    }

    /// <summary>Answers an exception of the application with a problem, where it comes from an endpoint of the store.</summary>
    /// <typeparam name="TException">The exception, and those derived from it unless they are mapped themselves.</typeparam>
    /// <param name="statusCode">400 to 599.</param>
    /// <param name="title">What kind of problem it is. The message of the exception is its detail.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The status is no error.</exception>
    public EventStoreWebOptions MapException<TException>(int statusCode, string title)
        where TException : Exception => MapException<TException>(statusCode, title, type: null);

    /// <inheritdoc cref="MapException{TException}(int, string)"/>
    /// <param name="statusCode">400 to 599.</param>
    /// <param name="title">What kind of problem it is. The message of the exception is its detail.</param>
    /// <param name="type">The URI of the problem; <see langword="null"/> for that of the status.</param>
    public EventStoreWebOptions MapException<TException>(int statusCode, string title, string? type)
        where TException : Exception
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(statusCode, StatusCodes.Status400BadRequest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statusCode, 599);
        ArgumentException.ThrowIfNullOrWhiteSpace(title);
        Exceptions.Add(new ExceptionMapping(typeof(TException), statusCode, title, type));
        return this;
    }

    private EventStoreWebOptions Add(TenantSource source)
    {
        TenantSources.Add(source);
        return this;
    }

    private static string? PartBefore(string host, string end) =>
        host.Length > end.Length && host.EndsWith(end, StringComparison.OrdinalIgnoreCase)
            ? host[..^end.Length].ToLowerInvariant()
            : null;
}
