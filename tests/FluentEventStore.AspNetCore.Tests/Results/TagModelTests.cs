using Microsoft.AspNetCore.Builder;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>
/// Random changes of streams and documents: what a client has is never taken for something else, and is found to be current as long as it
/// is.
/// </summary>
public sealed class TagModelTests(ShopStore shop) : IClassFixture<ShopStore>
{
    private static readonly string[] Tenants = ["acme", "umbrella"];
    private static readonly string[] Paths = ["document", "documents", "snapshot", "aggregate", "stream", "events"];

    [Fact]
    public async Task Two_states_never_share_a_tag()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var host = await StartAsync();
        Guid[] ids = [Guid.NewGuid(), Guid.NewGuid()];

        // By the tag: the tenant, the id and the number of changes, and what was shown.
        var known = Paths.ToDictionary(static path => path, static _ => new Dictionary<string, (string State, string Body)>());
        var versions = new Dictionary<string, int>();
        for (var step = 0; step < 120 || (step < 1000 && known.Values.Any(static tags => tags.Count <= 20)); step++)
        {
            var (tenant, id) = (Tenants[random.Next(2)], ids[random.Next(2)]);
            if (await ChangeAsync(random, tenant, id) is { } changed)
                versions[$"{changed} {tenant} {id}"] = versions.GetValueOrDefault($"{changed} {tenant} {id}") + 1;

            foreach (var path in Paths)
            {
                var kind = path.StartsWith("document", StringComparison.Ordinal) ? "document" : "stream";
                var state = $"{tenant} {id} {versions.GetValueOrDefault($"{kind} {tenant} {id}")}";
                await CheckAsync(host, path, tenant, id, state, known[path]);
            }
        }

        known.Values.ShouldAllBe(static tags => tags.Count > 20);
    }

    // Returns what was changed; nothing if the change was refused, or may leave everything as it was.
    private async Task<string?> ChangeAsync(Random random, string tenant, Guid id)
    {
        var verb = random.Next(8);
        try
        {
            await shop.SaveAsync(
                session =>
                {
                    switch (verb)
                    {
                        case 0:
                            session.Delete<Customer>(id);
                            break;
                        case 1 or 2:
                            session.Store(new Customer { Id = id, Name = $"{random.Next(2)}" });
                            break;
                        case 3 or 4:
                            session.Events.Append(id, new TillFilled(random.Next(2)));
                            break;
                        case 5:
                            session.Events.Append(id, new TillOpened(id, "Ada"));
                            break;
                        case 6:
                            session.Events.HardDeleteStream(id);
                            break;
                        default:
                            session.Events.CompactStream(id, 1, new TillOpened(id, "Bob"));
                            break;
                    }
                },
                tenant);
        }
        catch (FluentEventStoreException)
        {
            // The stream is not there.
            return null;
        }

        return verb switch
        {
            < 3 => "document",
            < 7 => "stream",
            _ => null,
        };
    }

    private static async Task CheckAsync(
        WebHost host, string path, string tenant, Guid id, string state, Dictionary<string, (string State, string Body)> known)
    {
        var response = await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", tenant));
        if ((int)response.StatusCode == 404)
        {
            response.Headers.Contains("ETag").ShouldBeFalse();
            return;
        }

        response.EnsureSuccessStatusCode();
        var (tag, body) = (response.TagOf(), await response.TextOf());
        if (known.TryGetValue(tag, out var before) && body != "[]")
        {
            before.State.ShouldBe(state, path);
            before.Body.ShouldBe(body, path);
        }

        known[tag] = (state, body);
        var others = string.Join(", ", known.Keys.Except([tag]).Append("\"x\""));
        (await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", tenant), ("If-None-Match", others))).StatusCode.ShouldBe(
            System.Net.HttpStatusCode.OK, path);
        (await host.AskAsync($"/{path}/{id}", null, ("X-Tenant", tenant), ("If-None-Match", $"\"x\", W/{tag}"))).StatusCode.ShouldBe(
            System.Net.HttpStatusCode.NotModified, path);
    }

    private Task<WebHost> StartAsync() => shop.StartForTenantsAsync(static app =>
    {
        app.MapGet("/document/{id}", static (Guid id) => EventStoreResults.Document<Customer>(id));
        app.MapGet("/documents/{id}", static (Guid id) => EventStoreResults.Documents<Customer>([id]));
        app.MapGet("/snapshot/{id}", static (Guid id) => EventStoreResults.Document<Till>(id));
        app.MapGet("/aggregate/{id}", static (Guid id) => EventStoreResults.Aggregate<Till>(id));
        app.MapGet("/stream/{id}", static (Guid id) => EventStoreResults.Stream(id));
        app.MapGet("/events/{id}", static (Guid id) => EventStoreResults.Events(id));
    });
}
