using Npgsql;

namespace FluentEventStore.Servers;

/// <summary>
/// Translates connection URIs as psql and hosting providers write them, <c>postgres://user:password@host:port/database?sslmode=require</c>,
/// into the words of Npgsql.
/// </summary>
internal static class ConnectionUri
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    // The names that differ in more than underscores.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["connect_timeout"] = "Timeout",
        ["dbname"] = "Database",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslmode"] = "SSL Mode",
        ["sslpassword"] = "SSL Password",
        ["sslrootcert"] = "Root Certificate",
        ["target_session_attrs"] = "Target Session Attributes",
        ["user"] = "Username",
    };

    public static bool IsOne(string text) => Array.Exists(Schemes, scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="ArgumentException">Npgsql does not know a parameter or its value.</exception>
    public static string Translate(string uri)
    {
        var (place, query) = Split(uri[(uri.IndexOf("://", StringComparison.Ordinal) + 3)..], '?');
        var at = place.LastIndexOf('@');
        var (hosts, database) = Split(place[(at + 1)..], '/');
        var builder = new NpgsqlConnectionStringBuilder();
        if (at >= 0)
        {
            var (user, password) = Split(place[..at], ':');
            Set(builder, "Username", user);
            Set(builder, "Password", password);
        }

        Set(builder, "Database", database);
        SetHosts(builder, hosts.Length > 0 ? hosts : "localhost");
        foreach (var parameter in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(parameter, '=');
            Set(
                builder,
                Names.GetValueOrDefault(name) ?? name.Replace('_', ' '),
                name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value);
        }

        return builder.ConnectionString;
    }

    // With several hosts, each carries its port; the port of a single host is a parameter of its own.
    private static void SetHosts(NpgsqlConnectionStringBuilder builder, string hosts)
    {
        var port = hosts.LastIndexOf(':');
        var isSingle = !hosts.Contains(',', StringComparison.Ordinal);
        if (isSingle && port > hosts.LastIndexOf(']'))
        {
            Set(builder, "Port", hosts[(port + 1)..]);
            hosts = hosts[..port];
        }

        Set(builder, "Host", isSingle ? hosts.Trim('[', ']') : hosts);
    }

    private static void Set(NpgsqlConnectionStringBuilder builder, string name, string value)
    {
        if (value.Length > 0)
            builder[name] = Uri.UnescapeDataString(value);
    }

    private static (string Before, string After) Split(string text, char separator) =>
        text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var index ? (text[..index], text[(index + 1)..]) : (text, "");
}
