using FluentEventStore.PostgresTests.Store;


namespace FluentEventStore.PostgresTests.Schema;

/// <summary>What an administrator may have set for a role or a database changes nothing.</summary>
public sealed class RoleSettingTests(PostgresServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Settings =>
    [
        "quote_all_identifiers=on",
        "standard_conforming_strings=off",
        "datestyle=German",
        "intervalstyle=iso_8601",
        "timezone=America/New_York",
        "bytea_output=escape",
        "array_nulls=off",
        "transform_null_equals=on",
        "extra_float_digits=0",
        "plpgsql.variable_conflict=use_variable",
        "plpgsql.extra_errors=all",
        "plan_cache_mode=force_generic_plan",
        "check_function_bodies=off",
        "search_path=nowhere",
        "lock_timeout=1h",
        "client_min_messages=error",
    ];

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task A_schema_is_applied_and_asserted_and_works_whatever_the_role_has_set(string setting)
    {
        var schema = server.CreateSchemaName();
        await using var store = Workload.Store(
            $"{server.ConnectionString};Options=-c {setting.Replace(" ", "\\ ", StringComparison.Ordinal)}", schema);

        (await store.Schema.ApplyAsync(Cancelled)).Applied.ShouldNotBeEmpty();
        (await store.Schema.ApplyAsync(Cancelled)).Applied.ShouldBeEmpty();
        await store.Schema.AssertAsync(Cancelled);
        await Workload.RunAsync(store);

        // What one role has stamped holds for another.
        await using var plain = Workload.Store(server.ConnectionString, schema);
        (await plain.Schema.AssertAsync(Cancelled)).Drift.ShouldBeEmpty();
        (await plain.Schema.ApplyAsync(Cancelled)).Applied.ShouldBeEmpty();
        await Workload.RunAsync(plain);
    }
}
