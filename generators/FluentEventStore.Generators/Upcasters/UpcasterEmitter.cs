using System.Globalization;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Upcasters;

/// <summary>Writes what the catalog says about an upcaster.</summary>
internal static class UpcasterEmitter
{
    public static Registration Register(UpcasterModel model)
    {
        var lambda = model.TakesMetadata
            ? $"static (old, metadata) => {model.Method}(old, metadata)"
            : $"static (old, _) => {model.Method}(old)";
        var method = Literals.Text(model.Method.Replace("global::", ""));
        var call = model.OldTypeName is { } oldType
            ? $"RegisterUpcaster<{oldType}, {model.NewTypeName}>({method}, {lambda});"
            : $"RegisterUpcaster<{model.NewTypeName}>({Literals.Text(model.Name)}, "
                + $"{model.Version.ToString(CultureInfo.InvariantCulture)}, {method}, {lambda});";
        return new Registration(
            new[] { new StoredName(StoredName.Upcaster, model.Name, model.Version, model.NewErasedName) }.ToEquatableArray(),
            "global::FluentEventStore.Serialization.EventCatalog." + call);
    }
}
