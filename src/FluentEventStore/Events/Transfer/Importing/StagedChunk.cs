using FluentEventStore.Postgres;

namespace FluentEventStore.Events;

/// <summary>A chunk with the transaction that it is copied in.</summary>
internal sealed class StagedChunk(ImportChunk chunk) : IAsyncDisposable
{
    public ImportChunk Chunk { get; } = chunk;

    public BulkTransaction? Transaction { get; set; }

    public async ValueTask DisposeAsync()
    {
        if (Transaction is not null)
            await Transaction.DisposeAsync().ConfigureAwait(false);

        Chunk.Dispose();
    }
}
