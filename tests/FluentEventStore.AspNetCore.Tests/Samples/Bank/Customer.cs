using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

/// <summary>What clients of a bank send, and what they make of the answers.</summary>
internal static class Customer
{
    public static readonly Guid Ada = Guid.Parse("0a000000-0000-0000-0000-000000000001");
    public static readonly Guid AdasAccount = Guid.Parse("aa000000-0000-0000-0000-000000000001");
    public static readonly Guid BobsAccount = Guid.Parse("bb000000-0000-0000-0000-000000000001");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Guid> OpenAsync(HttpClient client, decimal deposit)
    {
        var id = Guid.NewGuid();
        using var opened = await client.PostAsJsonAsync($"/accounts/{id}", new { ownerId = Ada, currency = "EUR" }, Cancellation);
        opened.EnsureSuccessStatusCode();
        using var deposited = await client.PostAsJsonAsync($"/accounts/{id}/deposits", new { amount = deposit }, Cancellation);
        deposited.EnsureSuccessStatusCode();
        return id;
    }

    public static async Task<HttpStatusCode> TransferAsync(HttpClient client, Order order)
    {
        using var answer = await client.PutAsJsonAsync(
            $"/transfers/{order.Id}", new { from = order.From, to = order.To, amount = order.Amount }, Cancellation);
        return answer.StatusCode;
    }

    public static async Task<IReadOnlyList<decimal>> BalancesAsync(HttpClient client, IEnumerable<Guid> accounts)
    {
        using var answer = await client.GetAsync($"/accounts?{string.Join('&', accounts.Select(static id => $"ids={id}"))}", Cancellation);
        answer.EnsureSuccessStatusCode();
        var shown = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return [.. shown.EnumerateArray().Select(static account => account.GetProperty("balance").GetDecimal())];
    }

    /// <summary>The data of all events of a type in an account.</summary>
    public static async Task<IReadOnlyList<JsonElement>> EventsAsync(HttpClient client, Guid account, string type)
    {
        List<JsonElement> events = [];
        string? cursor = null;
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>(
                $"/accounts/{account}/events?maxCount=1000{(cursor is null ? "" : $"&cursor={cursor}")}", Cancellation);
            events.AddRange(page.GetProperty("events").EnumerateArray()
                .Where(e => e.GetProperty("type").GetString() == type).Select(static e => e.GetProperty("data")));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        return events;
    }
}
