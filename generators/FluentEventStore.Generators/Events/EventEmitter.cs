using System.Globalization;
using FluentEventStore.Generators.Catalog;
using FluentEventStore.Generators.Modelling;

namespace FluentEventStore.Generators.Events;

/// <summary>Writes what the catalog says about an event. Its codec is written as that of any type.</summary>
internal static class EventEmitter
{
    public static Registration Register(EventModel model)
    {
        var personalData = model.Shapes.Any(static shape => shape is ObjectShape { HoldsPersonalData: true }) ? ", holdsPersonalData: true" : "";
        var version = model.Version.ToString(CultureInfo.InvariantCulture);
        return new Registration(
            new[] { new StoredName("event", model.Name, model.Version, model.TypeName) }.ToEquatableArray(),
            $"global::FluentEventStore.Serialization.EventCatalog.Register<{model.TypeName}, {model.Codec}>({Literals.Text(model.Name)}, {version}{personalData}{Tags(model)});");
    }

    private static string Tags(EventModel model)
    {
        if (model.Tags.Count == 0)
            return "";

        var tags = model.Tags.Select(static tag => $"new global::FluentEventStore.Tag({Literals.Text(tag.Name)}, e.{tag.Value})");
        return $", tags: static e => [{string.Join(", ", tags)}]";
    }
}
