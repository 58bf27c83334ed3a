using FluentEventStore.Generators.Tests.Compiling;

namespace FluentEventStore.Generators.Tests;

/// <summary>An assembly that the program does not reference, loaded while it runs.</summary>
public sealed class PlugInTests
{
    private const string PlugIn = """[Event("plugged")] public sealed record Plugged(string Text);""";

    [Fact]
    public void An_event_of_a_plug_in_is_unknown_while_the_plug_in_is_only_loaded() => Run("").ShouldBe("False");

    [Fact]
    public void A_plug_in_that_is_added_is_known() => Run("new EventStoreOptions().Events.AddAssembly(plugIn);").ShouldBe("True");

    [Fact]
    public void Adding_a_plug_in_twice_does_nothing_more() =>
        Run("new EventStoreOptions().Events.AddAssembly(plugIn).AddAssembly(plugIn);").ShouldBe("True");

    [Fact]
    public void A_plug_in_registers_itself_when_its_code_runs() =>
        Run("""Activator.CreateInstance(plugIn.GetType("Plugged", throwOnError: true)!, "text");""").ShouldBe("True");

    [Fact]
    public void A_plug_in_without_events_is_accepted() =>
        Run("new EventStoreOptions().Events.AddAssembly(plugIn);", plugIn: "public sealed class Plain;").ShouldBe("False");

    [Fact]
    public void A_plug_in_that_takes_a_name_of_the_program_is_refused_by_both_types() => Run(
        """
        try { new EventStoreOptions().Events.AddAssembly(plugIn); }
        catch (Exception clash) { return clash.GetBaseException().Message; }
        """,
        own: """[Event("plugged")] public sealed record Mine;""").ShouldMatch(
            "Two event types are named 'plugged' in version 1: Mine, App, .* and Plugged, PlugIn, ");

    private static string Run(string touch, string own = "", string plugIn = PlugIn)
    {
        Sources.Generate(Sources.Parse(plugIn, "PlugIn"), out var loaded);
        Sources.Generate(
            Sources.Parse(
                $$"""
                {{own}}

                public static class Test
                {
                    public static string Run()
                    {
                        var context = System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(typeof(Test).Assembly)!;
                        var plugIn = context.LoadFromAssemblyName(new System.Reflection.AssemblyName("PlugIn"));
                        {{touch}}
                        return typeof(FluentEventStore.Serialization.EventCatalog)
                            .GetMethods(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
                            .Where(method => method.Name == "TryGet" && method.GetParameters().Length == 3)
                            .Select(method => (bool)method.Invoke(null, ["plugged", 1, null])!).Single().ToString();
                    }
                }
                """,
                "App"),
            out var program);
        return LoadedCase.Run(loaded, program);
    }
}
