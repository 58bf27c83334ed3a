using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Messages;

/// <summary>Writes what the catalog says about a message. Its codec is written like that of any type.</summary>
internal static class MessageEmitter
{
    public static Registration Register(MessageModel model) => new(
        new[] { new StoredName("message", model.Name, 1, model.TypeName) }.ToEquatableArray(),
        $"global::FluentEventStore.Messages.MessageCatalog.Register<{model.TypeName}, {model.Codec}>({Literals.Text(model.Name)});");
}
