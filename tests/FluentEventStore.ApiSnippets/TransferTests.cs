using FluentEventStore.ApiSnippets.Bank;

namespace FluentEventStore.ApiSnippets;

public sealed class TransferTests(SnippetStore snippets)
{
    private readonly Legacy legacy = new(Guid.NewGuid());

    [Fact]
    public async Task Events_of_another_system_are_imported_exported_and_found_again()
    {
        var store = snippets.Store;
        var progress = new Progress<TransferProgress>();
        ImportReport imported = await store.Transfer.ImportAsync(ReadLegacyAsync(), new ImportOptions { Progress = progress });
        imported.Imported.ShouldBe(2);

        using var file = new MemoryStream();
        ExportReport exported = await store.Transfer.ExportAsync(file, new ExportOptions { StreamId = legacy.Account });
        (await store.Transfer.ExportAsync(Stream.Null, new ExportOptions { StreamId = legacy.Account, After = exported.UpTo })).Events
            .ShouldBe(0);

        file.Position = 0;
        ImportReport again = await store.Transfer.ImportAsync(file);
        (again.Skipped, again.Sha256).ShouldBe((2, exported.Sha256));
    }

    private async IAsyncEnumerable<ImportedEvent> ReadLegacyAsync()
    {
        await foreach (LegacyRow row in legacy.ReadAsync())
        {
            yield return new ImportedEvent(row.Account, row.Number, new MoneyWithdrawn(row.Account, row.Amount))
            {
                Timestamp = row.BookedAt
            };
            // or in its stored form: new ImportedEvent(id, version, "money-withdrawn", 1, json) { Timestamp = … }
        }
    }

    private sealed record LegacyRow(Guid Account, int Number, decimal Amount, DateTimeOffset BookedAt);

    private sealed record Legacy(Guid Account)
    {
        public async IAsyncEnumerable<LegacyRow> ReadAsync()
        {
            await Task.Yield();
            for (var number = 1; number <= 2; number++)
                yield return new LegacyRow(Account, number, number, DateTimeOffset.UnixEpoch.AddDays(number));
        }
    }
}
