using FluentEventStore.Benchmarks.Payloads;
using FluentEventStore.Benchmarks.Rooms;
using FluentEventStore.Benchmarks.Rows;

namespace FluentEventStore.Benchmarks.Contenders;

internal sealed partial class OurContender : IImporting
{
    public async Task ImportAsync(Guid[] streams, Payment[] eventsOfEach)
    {
        ImportReport report = await _store.Transfer.ImportAsync(Describe(streams, eventsOfEach).ToAsyncEnumerable());
        Seeds.Expect(streams.Length * eventsOfEach.Length, (int)report.Imported);
    }

    private static IEnumerable<ImportedEvent> Describe(Guid[] streams, Payment[] eventsOfEach)
    {
        foreach (Guid stream in streams)
        {
            for (var index = 0; index < eventsOfEach.Length; index++)
                yield return new ImportedEvent(stream, index + 1, eventsOfEach[index])
                {
                    Id = Guid.CreateVersion7(),
                    Timestamp = eventsOfEach[index].At
                };
        }
    }
}
