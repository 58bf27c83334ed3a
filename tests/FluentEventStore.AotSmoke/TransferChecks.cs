using System.Text;
using static FluentEventStore.AotSmoke.Checks;

namespace FluentEventStore.AotSmoke;

internal sealed class TransferChecks(EventStore store)
{
    private readonly StreamId _stream = $"import-{Guid.NewGuid()}";

    public async Task MoveAsync()
    {
        Equal(2L, (await store.Transfer.ImportAsync(DescribeAsync())).Imported);
        Equal(
            2L,
            (await store.Transfer.ImportAsync(DescribeAsync(), new ImportOptions { Progress = new Progress<TransferProgress>() })).Skipped);
        Equal(true, (await store.Transfer.ExportAsync(Stream.Null)).Events > 0);

        using var file = new MemoryStream();
        var exported = await store.Transfer.ExportAsync(file, new ExportOptions { StreamId = _stream, IncludeKeys = true });
        Equal(2L, exported.Events);

        file.Position = 0;
        Equal(
            new ImportReport(Events: 2, Imported: 0, Skipped: 2, LastPosition: 0, exported.Sha256),
            await store.Transfer.ImportAsync(file, new ImportOptions { TenantId = TenantId.Default, MissingKeys = MissingKeys.Refuse }));

        var cut = new MemoryStream(Encoding.UTF8.GetBytes("{\"format\":\"csv\"}\n"));
        Equal(ImportFault.UnknownFormat, (await ThrowsAsync<ImportException>(() => store.Transfer.ImportAsync(cut))).Fault);
    }

    private async IAsyncEnumerable<ImportedEvent> DescribeAsync()
    {
        await Task.Yield();
        yield return new ImportedEvent(_stream, 1, new AccountOpened("Ada", Currency.Franc)) { Timestamp = DateTimeOffset.UnixEpoch };
        yield return new ImportedEvent(_stream, 2, "legacy", 1, "{}"u8.ToArray()) { Timestamp = DateTimeOffset.UnixEpoch };
    }
}
