using FluentEventStore.Generators.Catalog;
using FluentEventStore.Generators.Emitting;
using FluentEventStore.Generators.Modelling;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Aggregates;

/// <summary>Writes the dispatch of an aggregate into its partial type, where private methods can be called too.</summary>
internal static class AggregateEmitter
{
    private const string DispatchName = "GeneratedDispatch";

    public static Registration Register(AggregateModel model)
    {
        const string Method = "global::FluentEventStore.Aggregates.AggregateCatalog.Register";
        var dispatch = $"{model.TypeName}.{DispatchName}";
        var aggregate = new StoredName("aggregate", model.Name, 1, model.TypeName);
        return model.Identity is { } identity
            ? new Registration(
                new[] { aggregate, aggregate with { Kind = "document" } }.ToEquatableArray(),
                $"{Method}<{model.TypeName}, {dispatch}, {identity.IdTypeName}, {identity.Codec}>({Literals.Text(model.Name)});")
            : new Registration(new[] { aggregate }.ToEquatableArray(), $"{Method}<{model.TypeName}, {dispatch}>({Literals.Text(model.Name)});");
    }

    public static void Emit(SourceProductionContext output, AggregateModel model)
    {
        var writer = GeneratedFile.Begin();
        writer.Open(model.Part);
        writer.Line($"""
            /// <summary>Calls the method for an event.</summary>
            [global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]
            {GeneratedFile.Attribute}
            """);
        writer.Open($"internal readonly struct {DispatchName} : global::FluentEventStore.Aggregates.IAggregateDispatch<{model.TypeName}>");
        EmitHandles(writer, model);
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public static {model.TypeName}? Fold({model.TypeName}? aggregate, global::FluentEventStore.IEvent @event)");
        if (model.Cases.Count == 0)
        {
            writer.Line("return aggregate;");
        }
        else
        {
            writer.Open("switch (@event.Data)");
            foreach (var item in model.Cases)
            {
                writer.Open($"case {item.EventTypeName} data:");
                EmitCase(writer, model, item);
                writer.Close();
                writer.Line();
            }

            writer.Line("default:");
            writer.Line("    return aggregate;");
            writer.Close();
        }

        writer.Close();
        writer.Close();
        writer.Close(model.Part);
        writer.AddTo(output, model.HintName);
    }

    private static void EmitHandles(SourceWriter writer, AggregateModel model)
    {
        var types = string.Join("\n    or ", model.Cases.Select(static item => item.EventTypeName));
        writer.Line($"""
            /// <inheritdoc/>
            public static bool Handles(object data) => {(model.Cases.Count == 0 ? "false" : "data is " + types)};

            """);
    }

    private static void EmitCase(SourceWriter writer, AggregateModel model, CaseModel item)
    {
        if (item.ShouldDelete is { } shouldDelete)
        {
            writer.Line($"if ({(shouldDelete.NeedsState ? "aggregate is not null && " : "")}{Call(shouldDelete, model, item)})");
            writer.Line("    return null;");
            writer.Line();
        }

        var begins = item.Create is not null || (item.Apply is not null && model.CanBegin);
        if (item.Create is { } create)
        {
            writer.Line("if (aggregate is null)");
            writer.Line($"    return {Call(create, model, item)};");
            writer.Line();
        }
        else if (begins)
        {
            writer.Line($"aggregate ??= new {model.TypeName}();");
        }
        else if (item.Apply is not null)
        {
            writer.Line("if (aggregate is null)");
            writer.Line("    return null;");
            writer.Line();
        }

        if (item.Apply is { ReturnsVoid: false } apply)
        {
            writer.Line($"return {Call(apply, model, item)};");
            return;
        }

        if (item.Apply is { } change)
            writer.Line($"{Call(change, model, item)};");

        writer.Line("return aggregate;");
    }

    private static string Call(CallModel call, AggregateModel model, CaseModel item)
    {
        var arguments = call.Arguments.Select(argument => argument.Kind switch
        {
            Argument.Data => "data",
            Argument.State => "aggregate",
            _ => $"(global::FluentEventStore.IEvent<{item.EventTypeName}>)@event",
        });
        return $"{(call.IsStatic ? model.TypeName : "aggregate")}.{call.Method}({string.Join(", ", arguments)})";
    }
}
