using System.Globalization;
using System.Text.RegularExpressions;
using FluentEventStore.Benchmarks.Reporting;
using Npgsql;

namespace FluentEventStore.Benchmarks.Commands;

/// <summary>
/// What each promise costs in the server. Compares the function that appends many units, as it is and without one part at a time, with a
/// statement that only writes the rows. Timed within the server: neither the client nor the disk counts.
/// </summary>
internal static partial class PartsCommand
{
    private const int Rounds = 100;
    private const int StatementsOfRound = 10;

    private static readonly int[] Sizes = [1, 8, 32, 128];

    /// <summary>The parts, each with what the function becomes without it.</summary>
    private static readonly (string Name, Func<string, string> Without)[] Parts =
    [
        ("a refused unit leaves the others alone (subtransaction)", static body => Cut(body, Subtransaction())),
        ("readers see who writes (advisory lock)", static body => Cut(body, WriterLock())),
        ("states and expected versions", static body => Cut(body, Judgement())),
        ("streams come back as they were sent", static body => Cut(body, Order())),
    ];

    public static async Task RunAsync()
    {
        await using Database database = await Database.StartAsync();
        await using (var store = EventStore.For(options => options.Connection(database.ConnectionString)))
            await store.Schema.ApplyAsync();

        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        var whole = (string)(await ScalarAsync(connection, "select pg_get_functiondef('event_store.append_units'::regproc)"))!;
        var names = new List<string> { "append_units" };
        foreach ((_, Func<string, string> without) in Parts)
        {
            names.Add($"append_units_{names.Count}");
            await ExecuteAsync(connection, without(whole).Replace(".append_units(", $".{names[^1]}(", StringComparison.Ordinal));
        }

        await ExecuteAsync(connection, RowsAlone);
        names.Add("rows_alone");
        Console.WriteLine(await database.DescribeAsync());
        var table = new Table(["microseconds of a statement", .. Sizes.Select(static size => Invariant($"{size} units"))]);
        var figures = new List<double[]>();
        foreach (var size in Sizes)
            figures.Add(await MeasureAsync(connection, names, size));

        Add("the rows alone, with their indexes", ofSize => ofSize[^1]);
        for (var part = 0; part < Parts.Length; part++)
        {
            var variant = part + 1;
            Add(Parts[part].Name, ofSize => ofSize[0] - ofSize[variant]);
        }

        Add(
            "the rest: the call, its arrays, its answers",
            ofSize => ofSize[0] - ofSize[^1] - Enumerable.Range(1, Parts.Length).Sum(variant => ofSize[0] - ofSize[variant]));
        Add("all", static ofSize => ofSize[0]);
        table.Print(Console.Out);

        void Add(string name, Func<double[], double> value) => table.Add([name, .. figures.Select(ofSize => Table.Number(value(ofSize)))]);
    }

    private static async Task<double[]> MeasureAsync(NpgsqlConnection connection, List<string> names, int size)
    {
        foreach (var name in names)
            await ExecuteAsync(connection, Procedure(name));

        var rounds = names.ConvertAll(static _ => new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            for (var turn = 0; turn < names.Count; turn++)
            {
                // In turns, each time from another one on, so that other load on the machine slows all alike.
                var index = (round + turn) % names.Count;
                var microseconds = (double)(await ScalarAsync(
                    connection, Invariant($"call measure_{names[index]}({size}, {StatementsOfRound}, 0)")))!;
                if (round > 0)
                    rounds[index].Add(microseconds);
            }

            // The first round is the warm-up. Later ones keep the plans of the second.
            if (round == 0)
                await ExecuteAsync(connection, "analyze event_store.streams; analyze event_store.events");
        }

        // Other load on the machine only adds: what nine of ten rounds are above says most.
        return [.. rounds.Select(static times => times.Order().ElementAt(times.Count / 10))];
    }

    private static string Cut(string body, Regex part)
    {
        var without = part.Replace(body, "");
        return without == body ? throw new InvalidOperationException($"append_units has no part that is found by {part}.") : without;
    }

    // New streams with an event each; each statement is a transaction of its own, whose end is not counted.
    private static string Procedure(string name) => $"""
        create or replace procedure measure_{name}(size integer, statements integer, inout microseconds double precision)
        language plpgsql as $measure$
        declare
          streams text[];
          ids uuid[];
          data jsonb[];
          times timestamptz[] := array_fill(now(), array[size]);
          ones integer[] := array_fill(1, array[size]);
          zeros integer[] := array_fill(0, array[size]);
          places integer[] := array(select generate_series(1, size));
          tenants text[] := array_fill('default'::text, array[size]);
          types text[] := array_fill('payment'::text, array[size]);
          expected bigint[] := array_fill(0::bigint, array[size]);
          versions bigint[] := array_fill(1::bigint, array[size]);
          spent interval := '0';
          since timestamptz;
        begin
          for statement in 1 .. statements loop
            streams := array(
              select i.id from (select gen_random_uuid()::text as id from generate_series(1, size)) i order by i.id collate "C");
            ids := array(select gen_random_uuid() from generate_series(1, size));
            data := array_fill(
              jsonb_build_object('account', gen_random_uuid(), 'amount', 12.5, 'currency', 'EUR', 'text', 'a payment'), array[size]);
            since := clock_timestamp();
            {(name == "rows_alone"
                ? "perform rows_alone(streams, ids, data, ones);"
                : $"""
                perform from event_store.{name}(
                  times, null, null, null, tenants, streams, ones, places, places, zeros, versions, places, places, null, expected, ones,
                  ones, places, ones, ids, types, ones, data, null, 100);
                """)}
            spent := spent + (clock_timestamp() - since);
            commit;
          end loop;
          microseconds := extract(epoch from spent) * 1000000 / statements;
        end
        $measure$
        """;

    private const string RowsAlone = """
        create function rows_alone(p_streams text[], p_ids uuid[], p_data jsonb[], p_ones integer[]) returns void language plpgsql as $$
        declare
          v_written bigint;
        begin
          with stream as (
            insert into event_store.streams as s (tenant, id, version, created_at, appended_at)
            select 'default', u.id, 1, now(), now() from unnest(p_streams) as u (id) order by u.id
            on conflict (tenant, id) do update set version = s.version + excluded.version, appended_at = excluded.appended_at
            returning key, id, version
          ),
          written as (
            insert into event_store.events (position, stream, version, id, type, type_version, recorded_at, data)
            select nextval('event_store.positions'), stream.key, stream.version - 1 + u.number, u.id, 'payment', 1, now(), u.data
            from unnest(p_ids, p_data, p_streams, p_ones) as u (id, data, stream, number)
            join stream on stream.id = u.stream
            returning position
          )
          select max(position) into v_written from written;
        end $$
        """;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync();
    }

    [GeneratedRegex(@"  begin\s+(?=with written)|\s+exception\s+when sqlstate[^;]*;\s+end;", RegexOptions.Singleline)]
    private static partial Regex Subtransaction();

    [GeneratedRegex(@"declare\s+v_lock .*?\n\s*end;", RegexOptions.Singleline)]
    private static partial Regex WriterLock();

    [GeneratedRegex(@"\s+if p_versions is not null then.*?\s+raise [^;]*;\s+end if;", RegexOptions.Singleline)]
    private static partial Regex Judgement();

    [GeneratedRegex(@"\s+having array_agg\(w\.id\)[^;]*(?=;)", RegexOptions.Singleline)]
    private static partial Regex Order();
}
