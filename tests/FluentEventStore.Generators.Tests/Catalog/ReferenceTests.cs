using System.Reflection;
using System.Reflection.Emit;
using FluentEventStore.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Tests;

public sealed class ReferenceTests
{
    private const string Library = """
        namespace Library;

        public sealed record Line(string Product, int Quantity = 1)
        {
            public string Note { get; init; } = "none";
        }

        [StreamId]
        public readonly partial record struct OrderId(Guid Value);

        [Event("placed")]
        public sealed record Placed(OrderId Order, Line Line);

        [Event]
        internal sealed record Hidden;
        """;

    [Fact]
    public void The_types_of_a_referenced_assembly_are_registered_without_a_call()
    {
        var library = Compile(Library, "The.Library");
        Sources.Generate(
            Sources.Parse("""
                public static class Test
                {
                    public static string Run() => Registered.Is(FluentEventStore.Generated.AppCatalog.Register);
                }

                public static class Registered
                {
                    public static string Is(Action register)
                    {
                        register();
                        register();
                        return typeof(FluentEventStore.Serialization.EventCatalog)
                            .GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
                            .Where(method => method.Name == "TryGet" && method.GetParameters().Length == 3)
                            .Select(method => (bool)method.Invoke(null, ["placed", 1, null])!).Single().ToString();
                    }
                }
                """, "App", references: [Image(library)]),
            out var app);
        LoadedCase.Run(library, app).ShouldBe("True");
    }

    [Fact]
    public void A_type_of_a_referenced_assembly_can_be_a_member() => Run("""
        [Event("received")]
        public sealed record Received(global::Library.Line Line, global::Library.OrderId Order, global::Library.Placed Inner);

        public static class Test
        {
            public static string Run() => Json.Again<Received, FluentEventStore.Generated.ReceivedJson>(
                "{\"line\":{\"product\":\"tea\",\"note\":\"n\"},\"order\":\"0197a7b0-1111-7222-8333-444455556666\","
                    + "\"inner\":{\"order\":\"0197a7b0-1111-7222-8333-444455556666\",\"line\":{\"product\":\"x\"}}}");
        }
        """).ShouldBe(
            """
            {"line":{"product":"tea","quantity":1,"note":"n"},"order":"0197a7b0-1111-7222-8333-444455556666",
            "inner":{"order":"0197a7b0-1111-7222-8333-444455556666","line":{"product":"x","quantity":1,"note":"none"}}}
            """.ReplaceLineEndings(""));

    [Fact]
    public void Friends_may_each_have_the_codec_of_one_type()
    {
        var library = Compile(Library, "The.Library", friend: true);
        Sources.Generate(
            Sources.Parse(
                """[Event("received")] public sealed record Received(global::Library.Line Line);""", "App", references: [Image(library)]),
            out _);
    }

    [Fact]
    public void A_name_that_a_referenced_assembly_has_already_taken_is_a_clash_that_names_both()
    {
        var library = Compile(Library, "The.Library");
        var result = Sources.Run(
            Sources.Parse("""[Event("placed")] public sealed record Mine;""", "App", references: [Image(library)]), out _);
        result.Diagnostics.Select(Sources.Describe).ShouldHaveSingleItem().ShouldContain("declared by both 'Library.Placed' and 'Mine'");
    }

    [Fact]
    public void A_get_only_property_of_a_compiled_type_is_found_too()
    {
        var library = Compile(
            "namespace Library; public sealed class Bag { public List<string> Tags { get; } = []; public int Count => Tags.Count; }",
            "The.Library");
        var result = Sources.Run(
            Sources.Parse("[Event] public sealed record Mine(global::Library.Bag Bag);", "App", references: [Image(library)]), out _);
        result.Diagnostics.Select(Sources.Describe)
            .ShouldHaveSingleItem()
            .ShouldContain("'Library.Bag.Tags' would be written but never read back");
    }

    /// <summary>As <c>type Line = { mutable A: int }</c> is compiled.</summary>
    [Fact]
    public void A_mutable_record_of_FSharp_is_stored_by_its_property_and_not_by_the_field_behind_it()
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("The.Library"), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule("The.Library").DefineType("Line", TypeAttributes.Public | TypeAttributes.Sealed);
        var field = type.DefineField("A@", typeof(int), FieldAttributes.Public);
        var property = type.DefineProperty("A", PropertyAttributes.None, typeof(int), null);
        property.SetGetMethod(Accessor(type, field, "get_A", typeof(int), []));
        property.SetSetMethod(Accessor(type, field, "set_A", null, [typeof(int)]));
        type.DefineDefaultConstructor(MethodAttributes.Public);
        type.CreateType();
        using var image = new MemoryStream();
        assembly.Save(image);

        Sources.Generate(
            Sources.Parse(
                """[Event("placed")] public sealed record Placed(global::Line Line);""",
                "App",
                references: [MetadataReference.CreateFromImage(image.ToArray())]),
            out _)
            .GeneratedSources
            .Single(static source => source.HintName == "LineJson.g.cs").SourceText
            .ToString()
            .ShouldContain("ACodec.Write(writer.Name(\"a\"u8), value.A);");
    }

    private static MethodBuilder Accessor(TypeBuilder type, FieldBuilder field, string name, Type? returned, Type[] taken)
    {
        var method = type.DefineMethod(
            name, MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig, returned, taken);
        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        if (taken.Length > 0)
            code.Emit(OpCodes.Ldarg_1);

        code.Emit(taken.Length > 0 ? OpCodes.Stfld : OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        return method;
    }

    private static string Run(string source)
    {
        var library = Compile(Library, "The.Library");
        Sources.Generate(Sources.Parse(source + Probe.Source, "App", references: [Image(library)]), out var app);
        return LoadedCase.Run(library, app);
    }

    private static Compilation Compile(string source, string name, bool friend = false)
    {
        var attribute = friend ? "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"App\")]\n" : "";
        Sources.Generate(Sources.Parse(attribute + source, name), out var library);
        return library;
    }

    private static PortableExecutableReference Image(Compilation compilation) =>
        MetadataReference.CreateFromImage(LoadedCase.Emit(compilation));
}
