using Bank.Accounts;
using FluentEventStore;
using FluentEventStore.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bank.Transfers;

internal static class TransferEndpoints
{
    public static void MapTransfers(this WebApplication app)
    {
        var transfers = app.MapGroup("/transfers").WithTags("Transfers");
        transfers.MapPut("/{id:guid}", TransferAsync)
            .WithUnitOfWork()
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        transfers.MapGet("/{id:guid}", (Guid id) => EventStoreResults.Document<Transfer>(id));
    }

    /// <summary>
    /// Decides over two accounts, and writes to both or to none. If either moved on meanwhile, the answer is 409. The client names the
    /// transfer, so it may send it again after a 409, a 503 or no answer at all: it is carried out once.
    /// </summary>
    private static async Task<Ok<Transfer>> TransferAsync(
        Guid id, TransferMoney body, IDocumentSession session, CancellationToken cancellationToken)
    {
        var transfer = new Transfer(id, body.From, body.To, body.Amount);
        if (await session.LoadAsync<Transfer>(id, cancellationToken) is { } known)
            return known == transfer ? TypedResults.Ok(known) : throw new RefusedException("There is another transfer with this id.");

        if (body.From == body.To)
            throw new RefusedException("The accounts are the same.");

        var from = await session.Events.FetchForWritingAsync<Account>(body.From, cancellationToken);
        var to = await session.Events.FetchForWritingAsync<Account>(body.To, cancellationToken);
        if (from.Aggregate is null || to.Aggregate is null)
            throw new RefusedException("One of the accounts does not exist.");

        from.Append(AccountRules.Decide(new Send(id, body.To, body.Amount), from.Aggregate));
        to.Append(AccountRules.Decide(new Receive(id, body.From, body.Amount, from.Aggregate.Currency), to.Aggregate));
        session.Insert(transfer);
        return TypedResults.Ok(transfer);
    }
}
