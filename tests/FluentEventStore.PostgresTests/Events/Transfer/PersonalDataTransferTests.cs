using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using FluentEventStore.PostgresTests.Bank;
using FluentEventStore.PostgresTests.Postgres;

namespace FluentEventStore.PostgresTests.Events.Transfer;

/// <summary>Stores with personal data are moved with their keys, or without the keys and without what these open.</summary>
public sealed class PersonalDataTransferTests(PostgresServer server) : TwoStoresTests(server)
{
    private static readonly ExportOptions WithKeys = new() { IncludeKeys = true };

    private readonly Guid _ada = Guid.NewGuid();
    private readonly Guid _bob = Guid.NewGuid();

    [Fact]
    public async Task A_copy_with_keys_reads_as_its_source()
    {
        await FillAsync();
        var (file, _) = await ExportAsync(options: WithKeys);

        var report = await ImportAsync(file);
        (report.Imported, report.ForgottenSubjects, report.SubjectsWithoutKey).ShouldBe((4, 0, 0));
        (await DescribeAsync(Target)).ShouldBe(await DescribeAsync(Source));
        (await ReadAsync(Target)).ShouldBe(await ReadAsync(Source));
        (await DescribeKeysAsync(Target)).ShouldBe(await DescribeKeysAsync(Source));

        (await ImportAsync(file)).Skipped.ShouldBe(4);
        await Target.AppendAsync("more", Person(_ada, "Ada again"));
        ((PersonRegistered)(await FetchFreshAsync(Target, "more"))[0].Data).Name.ShouldBe("Ada again");
    }

    [Fact]
    public async Task A_file_holds_no_keys_by_default_and_an_import_refuses_what_nobody_could_read()
    {
        await FillAsync();
        var (file, _) = await ExportAsync();
        var text = Encoding.UTF8.GetString(file);
        foreach (var key in (byte[][])(await Source.ExecuteAsync("select array_agg(key) from {schema}_keys.subject_keys"))!)
            text.ShouldNotContain(Convert.ToBase64String(key));

        var refusal = await Should.ThrowAsync<ImportException>(() => ImportAsync(file));
        refusal.Fault.ShouldBe(ImportFault.MissingKey);
        refusal.Reason.ShouldStartWith("2 subject(s)");
        refusal.Imported.ShouldBe(0);
        (await DescribeAsync(Target)).ShouldBeEmpty();
        (await DescribeKeysAsync(Target)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_copy_without_personal_data_is_one_whose_subjects_are_forgotten()
    {
        await FillAsync();
        var (file, _) = await ExportAsync();
        var report = await ImportAsync(file, new ImportOptions { MissingKeys = MissingKeys.Forget });

        (report.Imported, report.ForgottenSubjects, report.SubjectsWithoutKey).ShouldBe((4, 2, 2));
        var events = await FetchFreshAsync(Target, "people");
        events.Select(static e => e.Data).ShouldBe([Nobody(_ada), Nobody(_bob)]);
        (await FetchFreshAsync(Source, "people")).Select(static e => ((PersonRegistered)e.Data).Name).ShouldBe(["Ada", "Bob"]);
        await Should.ThrowAsync<SubjectForgottenException>(() => Target.AppendAsync("more", Person(_ada, "Ada")));

        // The keys come too late.
        (await ImportAsync((await ExportAsync(options: WithKeys)).File)).ForgottenSubjects.ShouldBe(2);
        (await FetchFreshAsync(Target, "people"))[0].Data.ShouldBe(Nobody(_ada));
    }

    [Fact]
    public async Task A_subject_that_was_forgotten_in_the_source_is_forgotten_in_the_copy()
    {
        await FillAsync();
        _ = await Source.Store.Privacy.ForgetAsync(_ada, cancellationToken: Token);
        var (file, _) = await ExportAsync(options: WithKeys);

        (await ImportAsync(file)).ForgottenSubjects.ShouldBe(1);
        (await ReadAsync(Target)).ShouldBe(await ReadAsync(Source));
        (await FetchFreshAsync(Target, "people")).Select(static e => ((PersonRegistered)e.Data).Name).ShouldBe(["", "Bob"]);
        await Should.ThrowAsync<SubjectForgottenException>(() => Target.AppendAsync("more", Person(_ada, "Ada")));

        // Without keys the file says so too.
        var bare = await ExportAsync();
        Encoding.UTF8.GetString(bare.File).ShouldContain($"{{\"subject\":\"{_ada}\",\"tenant\":\"default\",\"forgotten\":true}}\n");
    }

    [Fact]
    public async Task A_file_does_not_destroy_an_existing_key()
    {
        await FillAsync();
        _ = await Source.Store.Privacy.ForgetAsync(_ada, cancellationToken: Token);
        await Target.AppendAsync("own", Person(_ada, "Ada of the target"));
        var (file, _) = await ExportAsync(options: WithKeys);

        var refusal = await Should.ThrowAsync<ImportException>(() => ImportAsync(file));
        (refusal.Fault, refusal.Line).ShouldBe((ImportFault.ForgottenElsewhere, LineOf(file, _ada)));
        ((PersonRegistered)(await FetchFreshAsync(Target, "own"))[0].Data).Name.ShouldBe("Ada of the target");
        (await FetchFreshAsync(Target, "people")).ShouldBeEmpty();

        _ = await Target.Store.Privacy.ForgetAsync(_ada, cancellationToken: Token);
        (await ImportAsync(file)).Imported.ShouldBe(4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_subject_that_has_another_key_here_is_refused_before_anything_is_written(bool withKeys)
    {
        await FillAsync();
        await Target.AppendAsync("own", Person(_bob, "Bob of the target"), Person(_ada, "Ada of the target"));
        var (file, _) = await ExportAsync(options: new ExportOptions { IncludeKeys = withKeys });

        (await Should.ThrowAsync<ImportException>(() => ImportAsync(file))).Fault.ShouldBe(ImportFault.OtherKey);
        (await FetchFreshAsync(Target, "people")).ShouldBeEmpty();
        ((PersonRegistered)(await FetchFreshAsync(Target, "own"))[0].Data).Name.ShouldBe("Bob of the target");
    }

    [Fact]
    public async Task A_subject_that_is_forgotten_here_stays_forgotten_whatever_keys_a_file_brings()
    {
        await FillAsync();
        _ = await Target.Store.Privacy.ForgetAsync(_bob, cancellationToken: Token);
        (await ImportAsync((await ExportAsync(options: WithKeys)).File)).ForgottenSubjects.ShouldBe(1);
        (await FetchFreshAsync(Target, "people")).Select(static e => ((PersonRegistered)e.Data).Name).ShouldBe(["Ada", ""]);
    }

    [Fact]
    public async Task An_export_says_only_what_concerns_its_events()
    {
        await FillAsync();
        await Source.AppendAsync("others", Person(Guid.NewGuid(), "Charles"));
        var people = Encoding.UTF8.GetString(
            (await ExportAsync(options: new ExportOptions { IncludeKeys = true, StreamId = "people" })).File);
        people.Split('\n').Count(static line => line.Contains("\"key\"")).ShouldBe(2);
        people.ShouldContain($"\"{_ada}\"");

        // Those of values within values too.
        var bags = Encoding.UTF8.GetString((await ExportAsync(options: new ExportOptions { IncludeKeys = true, StreamId = "bag" })).File);
        bags.Split('\n')
            .Where(static line => line.Contains("\"key\""))
            .Select(static line => line.Split('"')[3])
            .Order()
            .ShouldBe(((string[])["7", $"{_bob}"]).Order());
    }

    [Theory]
    [InlineData("name", "email")]
    [InlineData("email", "phone")]
    public async Task A_file_whose_values_were_exchanged_is_refused(string one, string other)
    {
        await FillAsync();
        var lines = Encoding.UTF8.GetString((await ExportAsync(options: WithKeys)).File).Split('\n');
        var index = Array.FindIndex(lines, static line => line.Contains("person-registered"));
        lines[index] = lines[index].Replace($"\"{one}\": ", "\"§\": ")
            .Replace($"\"{other}\": ", $"\"{one}\": ")
            .Replace("\"§\": ", $"\"{other}\": ");
        var body = string.Concat(lines[..^2].Select(static line => line + "\n"));
        var last = $"{{\"events\":4,\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}\"}}\n";

        var refusal = await Should.ThrowAsync<ImportException>(() => ImportAsync(Encoding.UTF8.GetBytes(body + last)));
        (refusal.Fault, refusal.Line).ShouldBe((ImportFault.OtherKey, index + 1));
        (await DescribeAsync(Target)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Compacted_and_masked_events_are_moved_like_others()
    {
        await Source.AppendAsync("people", Person(_ada, "Ada"), Person(_ada, "Countess"), Person(_bob, "Bob"));
        await using (var session = Source.Store.OpenSession())
        {
            session.Events.CompactStream("people", 2, Person(_ada, "A. L."));
            await session.SaveChangesAsync(Token);
        }

        await using (var masking = Source.CreateStore(
            static options => options.Privacy.Mask<PersonRegistered>(static e => e with { Email = "***" })))
            await masking.Privacy.MaskAsync("people", cancellationToken: Token);

        await ImportAsync((await ExportAsync(options: WithKeys)).File);
        (await FetchFreshAsync(Target, "people"))
            .Select(static e => (((PersonRegistered)e.Data).Name, ((PersonRegistered)e.Data).Email))
            .ShouldBe([("A. L.", "***"), ("Bob", "***")]);
    }

    [Fact]
    public async Task What_was_stored_in_plain_text_before_it_was_personal_is_encrypted_in_the_copy()
    {
        await Source.AppendAsync("people", Person(_ada, "Ada"));
        await Source.TamperAsync("update {schema}.events set data = data || '{\"name\": \"Plain Ada\"}'");
        await ImportAsync((await ExportAsync(options: WithKeys)).File);

        (await Target.ExecuteAsync("select count(*) from {schema}.events where data::text like '%Plain Ada%'")).ShouldBe(0L);
        ((PersonRegistered)(await FetchFreshAsync(Target, "people"))[0].Data).ShouldBe(Person(_ada, "Ada") with { Name = "Plain Ada" });
    }

    [Fact]
    public async Task A_file_that_names_another_tenant_is_refused_even_if_only_a_subject_names_it()
    {
        await FillAsync();
        await using (var session = Source.Store.OpenSession("red"))
        {
            session.Events.Append("red", Person(_ada, "Ada"));
            await session.SaveChangesAsync(Token);
        }

        var (file, _) = await ExportAsync(options: WithKeys);
        var refusal = await Should.ThrowAsync<ImportException>(() => ImportAsync(file, new ImportOptions { TenantId = TenantId.Default }));
        refusal.Fault.ShouldBe(ImportFault.OtherTenant);
        (await DescribeKeysAsync(Target)).ShouldBeEmpty();

        var (red, _) = await ExportAsync(options: new ExportOptions { IncludeKeys = true, TenantId = "red" });
        (await Should.ThrowAsync<ImportException>(() => ImportAsync(red, new ImportOptions { TenantId = "blue" }))).Line.ShouldBe(2);
        (await ImportAsync(red, new ImportOptions { TenantId = "red" })).Imported.ShouldBe(1);
    }

    [Fact]
    public async Task Keys_that_are_kept_elsewhere_are_added_there_or_the_import_says_that_they_cannot_be()
    {
        await FillAsync();
        var (file, _) = await ExportAsync(options: WithKeys);
        await using var closed = Target.CreateStore(static options => options.Privacy.SubjectKeys = new ClosedVault());
        (await Should.ThrowAsync<NotSupportedException>(
            () => closed.Transfer.ImportAsync(new MemoryStream(file), cancellationToken: Token))).Message
            .ShouldContain(nameof(ClosedVault));
        (await DescribeAsync(Target)).ShouldBeEmpty();

        var vault = new OpenVault();
        await using var open = Target.CreateStore(options => options.Privacy.SubjectKeys = vault);
        (await open.Transfer.ImportAsync(new MemoryStream(file), cancellationToken: Token)).Imported.ShouldBe(4);
        vault.Keys.Count.ShouldBe(3);
        await using var session = open.OpenQuerySession();
        ((PersonRegistered)(await session.Events.FetchStreamAsync("people", cancellationToken: Token))[0].Data).Name.ShouldBe("Ada");

        using var output = new MemoryStream();
        await open.Transfer.ExportAsync(output, WithKeys, Token);
        Encoding.UTF8.GetString(output.ToArray()).Split('\n').Count(static line => line.Contains("\"key\"")).ShouldBe(3);
    }

    [Fact]
    public async Task The_log_of_the_server_contains_no_imported_key()
    {
        await FillAsync();
        var (file, _) = await ExportAsync(options: WithKeys);
        await using var dataSource = ServerLog.LogStatements(Target.ConnectionString);
        await using var store = Target.CreateStore(options => options.DataSource(dataSource));
        (await store.Transfer.ImportAsync(new MemoryStream(file), cancellationToken: Token)).Imported.ShouldBe(4);

        var log = await ServerLog.ReadOrSkipAsync(Target);
        log.ShouldContain("copy pg_temp.fes_keys");
        foreach (var key in (byte[][])(await Source.ExecuteAsync("select array_agg(key) from {schema}_keys.subject_keys"))!)
            log.Contains(Convert.ToHexString(key), StringComparison.OrdinalIgnoreCase).ShouldBeFalse();
    }

    private static PersonRegistered Person(Guid id, string name) =>
        new(id, name, $"{name}@example.org", "555-0100", new DateOnly(1815, 12, 10), null);

    private static PersonRegistered Nobody(Guid id) => new(id, "", "(forgotten)", null, default, null);

    private static async Task<string> DescribeKeysAsync(BankStore store) =>
        await store.ExecuteAsync(
            "select string_agg(concat_ws('|', tenant, subject, key), ',' order by tenant, subject) "
                + "from {schema}_keys.subject_keys") as string
            ?? "";

    private static async Task<IReadOnlyList<IEvent>> FetchFreshAsync(BankStore store, StreamId stream)
    {
        await using var fresh = store.CreateStore();
        await using var session = fresh.OpenQuerySession();
        return await session.Events.FetchStreamAsync(stream, cancellationToken: Token);
    }

    private static async Task<string> ReadAsync(BankStore store)
    {
        await using var fresh = store.CreateStore();
        await using var session = fresh.OpenQuerySession();
        return string.Join(
            '\n',
            await session.Events.ReadAllAsync(cancellationToken: Token)
                .Select(static e => $"{e.StreamId} {e.Version} {e.Data}")
                .ToListAsync(Token));
    }

    private static long LineOf(byte[] file, Guid subject) =>
        Array.FindIndex(
            Encoding.UTF8.GetString(file).Split('\n'), line => line.StartsWith($"{{\"subject\":\"{subject}\"", StringComparison.Ordinal))
            + 1;

    private async Task FillAsync()
    {
        await Source.AppendAsync("people", Person(_ada, "Ada"), Person(_bob, "Bob"));
        using var content = System.Text.Json.JsonDocument.Parse("""{"$enc": "AAAA"}""");
        await Source.AppendAsync("bag", new BagPacked(_bob, "Bob", new BagKeeper(7, "+7"), content.RootElement), new NoteTaken("plain"));
    }

    private class ClosedVault : ISubjectKeys
    {
        public ConcurrentDictionary<(TenantId, SubjectId), SubjectKey> Keys { get; } = new();

        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<SubjectId, SubjectKey>>(
                subjects.Where(subject => Keys.ContainsKey((tenantId, subject))).ToDictionary(
                    static subject => subject, subject => Keys[(tenantId, subject)]));

        public Task<IReadOnlyDictionary<SubjectId, SubjectKey>> FindOrCreateAsync(
            TenantId tenantId, IReadOnlyCollection<SubjectId> subjects, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nothing is created here.");

        public Task<ForgetOutcome> ForgetAsync(TenantId tenantId, SubjectId subject, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Nobody is forgotten here.");
    }

    private sealed class OpenVault : ClosedVault, ISubjectKeys
    {
        public Task AddAsync(TenantId tenantId, IReadOnlyDictionary<SubjectId, SubjectKey> keys, CancellationToken cancellationToken)
        {
            foreach (var (subject, key) in keys)
                Keys.TryAdd((tenantId, subject), key).ShouldBeTrue();

            return Task.CompletedTask;
        }
    }
}
