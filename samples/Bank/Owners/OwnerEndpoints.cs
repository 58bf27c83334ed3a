using FluentEventStore;
using FluentEventStore.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Bank.Owners;

internal static class OwnerEndpoints
{
    public static void MapOwners(this WebApplication app)
    {
        var owners = app.MapGroup("/owners").WithTags("Owners");
        owners.MapPost("/{id:guid}", Register)
            .WithUnitOfWork()
            .ProducesProblem(StatusCodes.Status409Conflict);
        owners.MapGet("/{id:guid}", (Guid id) => EventStoreResults.Aggregate<Owner>(id));
        owners.MapDelete("/{id:guid}/personal-data", ForgetAsync);
    }

    private static CreatedHttpResult<Owner> Register(Guid id, RegisterOwner body, IDocumentSession session)
    {
        session.Events.StartStream<Owner>(id, new OwnerRegistered(id, body.Name, body.Email));
        return EventStoreResults.Aggregate<Owner>(id).Created($"/owners/{id}");
    }

    /// <summary>Destroys the owner's key. There is no way back, so an id that nobody has is not forgotten beforehand.</summary>
    private static async Task<Results<NoContent, NotFound>> ForgetAsync(
        Guid id, IEventStore store, IQuerySession session, CancellationToken cancellationToken)
    {
        if (await session.Events.FetchStreamStateAsync(id, cancellationToken) is null)
            return TypedResults.NotFound();

        var report = await store.Privacy.ForgetAsync(id, session.TenantId, cancellationToken);
        return report.Outcome == ForgetOutcome.NothingKnown ? TypedResults.NotFound() : TypedResults.NoContent();
    }
}
