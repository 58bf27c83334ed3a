using System.Globalization;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Events;

/// <summary>Writes what the catalog says about an event. Its codec is written like that of any type.</summary>
internal static class EventEmitter
{
    public static Registration Register(EventModel model)
    {
        var personalData = model.Shapes.Any(static shape => shape is ObjectShape { HoldsPersonalData: true })
            ? "HoldsPersonalData = true"
            : null;
        var names = ColumnsOf(model);
        var columns = names.Length == 0 ? null : $"Columns = {Literals.Text(names)}";
        string[] traits = [.. new[] { columns, personalData, Tags(model) }.OfType<string>()];
        var known = traits.Length == 0 ? "new()" : $"new() {{ {string.Join(", ", traits)} }}";
        var version = model.Version.ToString(CultureInfo.InvariantCulture);
        return new Registration(
            model.Aliases.Select(
                alias => new StoredName(StoredName.Alias, alias, model.Version, model.ErasedName) { Assembly = model.Assembly })
                .Prepend(new StoredName(StoredName.Event, model.Name, model.Version, model.ErasedName) { Assembly = model.Assembly })
                .ToEquatableArray(),
            $"global::FluentEventStore.Serialization.EventCatalog.Register<{model.TypeName}, {model.Codec}>({Literals.Text(model.Name)}, "
                + $"{version}, {known});"
            + string.Concat(model.Aliases.Select(alias =>
                $"\nglobal::FluentEventStore.Serialization.EventCatalog.RegisterAlias<{model.TypeName}>({Literals.Text(alias)});")));
    }

    private static string? Tags(EventModel model)
    {
        if (model.Tags.Count == 0)
            return null;

        var tags = model.Tags.Select(static tag => $"new global::FluentEventStore.Tag({Literals.Text(tag.Name)}, e.{tag.Value})");
        return $"Tags = static e => [{string.Join(", ", tags)}]";
    }

    // One line a property: its type in PostgreSQL, its name in JSON. A property whose name would break the line has no column.
    private static string ColumnsOf(EventModel model) => string.Join(
        "\n",
        new MemberMap(model.Shapes).MembersOf(model.Codec)
            .Where(static member => !member.HoldsRest && !member.JsonName.Any(char.IsControl))
            .Select(static member => $"{member.Column} {member.JsonName}"));
}
