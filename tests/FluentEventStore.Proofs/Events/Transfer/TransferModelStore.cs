using Microsoft.Extensions.Time.Testing;

namespace FluentEventStore.Proofs.Events.Transfer;

/// <summary>A store of the model, and everything there is to say of it.</summary>
public sealed class TransferModelStore(BankStore bank) : IAsyncDisposable
{
    /// <summary>The one clock of all stores: what is done to two of them happens at the same time.</summary>
    public static FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public EventStore Store { get; } = bank.CreateStore(static options =>
    {
        options.TimeProvider = Clock;
        options.Events.AllowHardDelete = true;
        options.Events.Retention.ForCategory("keep-", keepLast: 3);
        options.Privacy.Mask<NoteTaken>(static e => e with { Text = "***" });
        options.Privacy.Mask<CourseOffered>(static e => e with { Course = "masked" });
    });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    public async Task ChangeAsync(TenantId tenant, Action<IEventOperations> change)
    {
        await using var session = Store.OpenSession(tenant);
        change(session.Events);
        await session.SaveChangesAsync(Cancellation);
    }

    public async Task<byte[]> ExportAsync(long after = 0)
    {
        using var output = new MemoryStream();
        LastExported =
            (await Store.Transfer.ExportAsync(output, new ExportOptions { IncludeKeys = true, After = after }, Cancellation)).UpTo;
        return output.ToArray();
    }

    /// <summary>Where the export before ended.</summary>
    public long LastExported { get; private set; }

    /// <summary>Whether a stream has something that a file can hold, or is not there at all.</summary>
    public async Task<bool> CanBeCopiedAsync(TenantId tenant, StreamId stream) => (bool)(await bank.ExecuteAsync($$"""
        select not exists (select from {schema}.streams where tenant = '{{tenant}}' and id = '{{stream}}')
          or exists (
            select from {schema}.streams s
            where s.tenant = '{{tenant}}' and s.id = '{{stream}}'
              and (
                exists (select from {schema}.events e where e.stream = s.key)
                or exists (select from {schema}.links l where l.stream = s.key)))
        """))!;

    /// <summary>The id of an event of a tenant, by its place in the log, which is the same in a copy.</summary>
    public async Task<Guid> FindIdAsync(TenantId tenant, int place) => await bank.ExecuteAsync($$"""
        select e.id
        from {schema}.events e join {schema}.streams s on s.key = e.stream
        where s.tenant = '{{tenant}}'
        order by e.position
        offset {{place}} % greatest(
          (select count(*) from {schema}.events e join {schema}.streams s on s.key = e.stream where s.tenant = '{{tenant}}'), 1)
        limit 1
        """) as Guid? ?? Guid.NewGuid();

    /// <summary>
    /// Streams, links and tags as they are stored, and events as they are read. Left out is what differs by design: positions, the ids of
    /// compactions, and when a stream that lost its beginning was created.
    /// </summary>
    public async Task<string> DescribeAsync()
    {
        var stored = await bank.ExecuteAsync("""
            select concat_ws(E'\n',
              (select string_agg(
                 concat_ws('|', s.tenant, s.id, s.version, s.state, s.truncated_before, s.appended_at), E'\n' order by s.tenant, s.id)
               from {schema}.streams s
               where exists (select from {schema}.events e where e.stream = s.key)
                 or exists (select from {schema}.links l where l.stream = s.key)),
              (select string_agg(
                 concat_ws('|', 'link', s.tenant, s.id, l.version, l.recorded_at, o.id, e.version), E'\n' order by l.position)
               from {schema}.links l
               join {schema}.streams s on s.key = l.stream
               left join {schema}.events e on e.position = l.event_position and e.id = l.event_id
               left join {schema}.streams o on o.key = e.stream),
              (select string_agg(concat_ws('|', 'event', s.tenant, s.id, e.version, e.type, e.recorded_at), E'\n' order by e.position)
               from {schema}.events e join {schema}.streams s on s.key = e.stream),
              (select string_agg(concat_ws('|', 'tag', t.tenant, t.tag, s.id, e.version), E'\n' order by t.tenant, t.tag, e.position)
               from {schema}.event_tags t join {schema}.events e on e.position = t.position join {schema}.streams s on s.key = e.stream))
            """);
        var lines = new List<string> { $"{stored}" };
        await using var session = Store.OpenQuerySession();
        await foreach (var e in session.Events.ReadAllAsync(new EventFilter().OfAnyTenant().IncludeDeleted(), Cancellation))
            lines.Add(Describe(e));

        foreach (var tenant in TransferModelRun.Tenants)
        {
            await using var ofTenant = Store.OpenQuerySession(tenant);
            foreach (var stream in TransferModelRun.Streams)
            {
                var events = await ofTenant.Events.FetchStreamAsync(stream, new StreamRange { IncludeArchived = true }, Cancellation);
                lines.Add($"{tenant}/{stream}: {string.Join(", ", events.Select(static e => $"{e.Link?.Version} {Describe(e)}"))}");
                lines.Add($"{await ofTenant.Events.AggregateStreamAsync<Ledger>(stream, cancellationToken: Cancellation)}");
            }
        }

        return string.Join('\n', lines);
    }

    private static string Describe(IEvent e) =>
        $"{e.TenantId}/{e.StreamId} {e.Version} {(e.Data is BalanceCarried ? default : e.Id)} {e.Timestamp:O} {e.Data} {e.UserName} "
            + string.Join(',', e.Headers.Select(static header => $"{header.Key}={header.Value}"));
}
