using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>A chunk with the transaction that it is copied in.</summary>
internal sealed class StagedChunk(ImportChunk chunk) : IAsyncDisposable
{
    public ImportChunk Chunk { get; } = chunk;

    public BulkTransaction? Transaction { get; set; }

    public async Task RollBackAsync()
    {
        if (Transaction is not null)
            await Transaction.DisposeAsync().ConfigureAwait(false);

        Transaction = null;
    }

    public async ValueTask DisposeAsync()
    {
        await RollBackAsync().ConfigureAwait(false);
        Chunk.Dispose();
    }
}
