using FluentEventStore.Generators.Dispatching;
using FluentEventStore.Generators.Emitting;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>Writes what asks the methods of an aggregate for its natural key, into its partial type.</summary>
internal static class NaturalKeyEmitter
{
    private const string DispatchName = "GeneratedNaturalKey";

    /// <summary>The call that registers the key of an aggregate that is registered already.</summary>
    public static string Register(AggregateModel model, NaturalKeyModel key) =>
        $"global::FluentEventStore.Aggregates.AggregateCatalog.RegisterKey<{model.TypeName}, {key.TypeName}, "
            + $"{model.TypeName}.{DispatchName}>();";

    public static void Emit(SourceWriter writer, AggregateModel model, NaturalKeyModel key)
    {
        writer.Line();
        writer.Line($"""
            /// <summary>Says the natural key that an event sets.</summary>
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            {GeneratedFile.Attribute}
            """);
        writer.Open(
            $"internal {(model.HidesBase ? "new " : "")}readonly struct {DispatchName} : "
                + $"global::FluentEventStore.Aggregates.INaturalKeyDispatch<{key.TypeName}>");
        writer.Line($$"""
            /// <inheritdoc/>
            public static global::System.Collections.Generic.IReadOnlyList<global::System.Type> EventTypes { get; } =
            [
                {{string.Join(",\n    ", key.EventTypes.Select(static type => $"typeof({type})"))}},
            ];

            /// <inheritdoc/>
            """);
        writer.Open("public static bool TryGetKey(global::FluentEventStore.IEvent @event, out string? key)");
        writer.SwitchOnEvent(
            key.Cases,
            item => $"key = TextOrNull({item.Invocation(model.TypeName, "")});\nreturn true;",
            "key = null;\nreturn false;");
        writer.Close();
        writer.Line($"""

            /// <inheritdoc/>
            public static string TextOf({key.TypeName} key) => {key.Text};

            private static string? TextOrNull({key.TypeName}? key) => key is null ? null : TextOf(({key.TypeName})key);
            """);
        writer.Close();
    }
}
