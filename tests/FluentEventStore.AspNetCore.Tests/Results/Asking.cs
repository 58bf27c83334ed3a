using System.Text.Json;

namespace FluentEventStore.AspNetCore.Tests;

/// <summary>Requests with the headers that results look at.</summary>
internal static class Asking
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<HttpResponseMessage> AskAsync(
        this WebHost host, string path, HttpMethod? method = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();

        return await host.Client.SendAsync(request, Cancellation);
    }

    /// <summary>The entity tag, as it is sent.</summary>
    public static string TagOf(this HttpResponseMessage response) => response.Headers.GetValues("ETag").ShouldHaveSingleItem();

    public static Task<string> TextOf(this HttpResponseMessage response) => response.Content.ReadAsStringAsync(Cancellation);

    public static async Task<JsonElement> JsonOf(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<JsonElement>(await response.TextOf());

    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response) =>
        JsonSerializer.Deserialize<T>(await response.TextOf(), JsonSerializerOptions.Web)!;

    /// <summary>The name of the problem, and its status.</summary>
    public static async Task<string> ProblemOf(this HttpResponseMessage response) =>
        $"{(int)response.StatusCode} {(await response.JsonOf()).GetProperty("type").GetString()!.Split('#')[^1]}";
}
