using System.Collections.Concurrent;
using System.Net;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

/// <summary>Clients that transfer money between accounts, each one transfer after the other, and their log.</summary>
internal sealed class Traffic(HttpClient client, IReadOnlyList<Guid> accounts)
{
    private readonly ConcurrentBag<Order> _done = [];
    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = [];
    private volatile bool _isOver;

    /// <summary>What the clients were told is done.</summary>
    public IReadOnlyCollection<Order> Done => _done;

    public int Count(HttpStatusCode status) => _answers.GetValueOrDefault(status);

    /// <summary>Runs until <see cref="End"/>. Each client then ends its last transfer.</summary>
    public Task RunAsync(int clients, int seed) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(number => Task.Run(() => TransferAsync(new Random(seed + number)))));

    public void End() => _isOver = true;

    /// <summary>Each transfer that a client was told is done is there once, in both accounts, and no other.</summary>
    public async Task CheckAsync()
    {
        foreach (var account in accounts)
        {
            await CheckAsync(account, "money-sent", _done.Where(order => order.From == account));
            await CheckAsync(account, "money-received", _done.Where(order => order.To == account));
        }
    }

    public override string ToString() => string.Join(", ", _answers.Select(static answer => $"{(int)answer.Key}: {answer.Value}"));

    private async Task CheckAsync(Guid account, string type, IEnumerable<Order> orders)
    {
        var events = await Customer.EventsAsync(client, account, type);
        events.Select(static data => (data.GetProperty("transferId").GetGuid(), data.GetProperty("amount").GetDecimal()))
            .ShouldBe(orders.Select(static order => (order.Id, order.Amount)), ignoreOrder: true, $"{type} of {account}");
    }

    private async Task TransferAsync(Random random)
    {
        while (!_isOver)
        {
            var from = random.Next(accounts.Count);
            var to = (from + random.Next(1, accounts.Count)) % accounts.Count;
            await CarryOutAsync(new Order(Guid.NewGuid(), accounts[from], accounts[to], random.Next(1, 20)), random);
        }
    }

    /// <summary>Asks again after a conflict and in an outage, always with the same id.</summary>
    private async Task CarryOutAsync(Order order, Random random)
    {
        while (true)
        {
            var status = await Customer.TransferAsync(client, order);
            _answers.AddOrUpdate(status, 1, static (_, count) => count + 1);
            switch (status)
            {
                case HttpStatusCode.OK:
                    _done.Add(order);
                    return;
                case HttpStatusCode.UnprocessableEntity:
                    return;
                case HttpStatusCode.Conflict:
                    break;
                case HttpStatusCode.ServiceUnavailable:
                    await Task.Delay(random.Next(20, 100), TestContext.Current.CancellationToken);
                    break;
                default:
                    throw new InvalidOperationException($"{order} was answered with {status}.");
            }
        }
    }
}
