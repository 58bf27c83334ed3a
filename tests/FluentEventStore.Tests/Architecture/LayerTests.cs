using Mono.Cecil;

namespace FluentEventStore.Tests.Architecture;

/// <summary>Who may use whom, as docs/explanation/architecture.md says it.</summary>
public sealed class LayerTests
{
    private static readonly string[] PublicNpgsqlTypes = ["Npgsql.NpgsqlDataSource", "Npgsql.NpgsqlConnection", "Npgsql.NpgsqlTransaction"];

    [Fact]
    public void A_layer_uses_only_the_layers_that_the_table_allows()
    {
        var violations =
            from user in Library.Types
            from used in TypeUses.Of(user.Type)
            let usedLayer = Library.Sources.LayerOf(used)
            where usedLayer is not null
            let violation = Layers.Judge(user.Type.FullName, user.Layer, used, usedLayer)
            where violation is not null
            select violation;

        violations.ShouldBeEmpty();
    }

    [Fact]
    public void A_forbidden_use_is_told_by_folder_and_name()
    {
        Layers.Judge("FluentEventStore.Documents.Foo", "Documents", "FluentEventStore.Bar", "Events").ShouldBe("Documents.Foo uses Events.Bar");
        Layers.Judge("FluentEventStore.Documents.Foo", "Documents", "FluentEventStore.Documents.Bar", "Documents").ShouldBeNull();
        Layers.Judge("FluentEventStore.Events.Foo", "Events", "FluentEventStore.EventStore", "Hosting").ShouldBe("Events.Foo uses Hosting.EventStore");
    }

    [Fact]
    public void A_use_inside_a_method_a_closure_or_a_state_machine_counts()
    {
        var tests = Library.Load(typeof(LayerTests));
        var uses = TypeUses.Of(tests.GetType(typeof(HiddenUses).FullName));

        uses.ShouldContain("System.Text.StringBuilder");
        uses.ShouldContain("System.Version");
        uses.ShouldContain("System.Uri");
    }

    [Fact]
    public void Every_folder_of_the_library_is_a_layer() => Library.Sources.Layers.ShouldBeSubsetOf(Layers.Known);

    [Fact]
    public void Every_type_of_the_assembly_is_found_in_the_sources()
    {
        var lost =
            from type in Library.Load(typeof(EventStore)).Types
            where !type.CustomAttributes.Any(static attribute => attribute.AttributeType.Name is "CompilerGeneratedAttribute" or "EmbeddedAttribute")
            where !type.Name.StartsWith('<') && type.Namespace.StartsWith("FluentEventStore", StringComparison.Ordinal)
            where Library.Sources.LayerOf(type.FullName) is null
            select type.FullName;

        lost.ShouldBeEmpty();
    }

    [Fact]
    public void A_type_is_found_by_the_folder_of_its_file_and_by_its_arity()
    {
        var sources = SourceTypes.Of(("Events/Foo.cs", "namespace A.B;\n\npublic sealed record Foo<T, U>(int X);\n"), ("Bar.cs", "namespace A;\ninternal enum Bar\n"));

        sources.LayerOf("A.B.Foo`2").ShouldBe("Events");
        sources.LayerOf("A.Bar").ShouldBe("root");
    }

    [Fact]
    public void Only_Postgres_and_Schema_open_connections_and_execute()
    {
        var violations =
            from user in Library.Types
            where user.Layer is not ("Postgres" or "Schema")
            from call in TypeUses.Calls(user.Type)
            where TalksToTheServer(call)
            select $"{Layers.Short(user.Type.FullName, user.Layer)} calls {call.DeclaringType.Name}.{call.Name}";

        violations.ShouldBeEmpty();
        TypeUses.Calls(Library.Types.Single(static type => type.Type.Name == "Database").Type).ShouldContain(static call => TalksToTheServer(call));
    }

    [Fact]
    public void Weasel_stands_only_in_Schema_and_in_types_named_so()
    {
        var violations =
            from user in Library.Types
            where user.Layer != "Schema" && !user.Type.Name.EndsWith("Schema", StringComparison.Ordinal)
            from used in TypeUses.Of(user.Type)
            where IsWeasel(used)
            select $"{Layers.Short(user.Type.FullName, user.Layer)} uses {used}";

        violations.ShouldBeEmpty();
        TypeUses.Of(Library.Types.Single(static type => type.Type.Name == "EventsSchema").Type).ShouldContain(static used => IsWeasel(used));
    }

    [Fact]
    public void No_public_signature_names_Weasel_or_more_of_Npgsql_than_its_connections()
    {
        var violations =
            from type in Library.Load(typeof(EventStore)).Types
            where type.IsPublic
            from method in type.Methods
            where method.IsPublic || method.IsFamily
            from used in TypeUses.OfSignature(method)
            where IsWeasel(used) || (used.StartsWith("Npgsql.", StringComparison.Ordinal) && !PublicNpgsqlTypes.Contains(used))
            select $"{type.Name}.{method.Name} names {used}";

        violations.ShouldBeEmpty();
    }

    private static bool IsWeasel(string type) => type.StartsWith("Weasel.", StringComparison.Ordinal) || type.StartsWith("JasperFx.", StringComparison.Ordinal);

    private static bool TalksToTheServer(MethodReference call) =>
        call.DeclaringType.FullName is var type
        && (type.StartsWith("Npgsql.", StringComparison.Ordinal) || type.StartsWith("System.Data.", StringComparison.Ordinal))
        && (call.Name.StartsWith("Open", StringComparison.Ordinal)
            || call.Name.StartsWith("Execute", StringComparison.Ordinal)
            || call.Name.StartsWith("BeginTransaction", StringComparison.Ordinal));
}
