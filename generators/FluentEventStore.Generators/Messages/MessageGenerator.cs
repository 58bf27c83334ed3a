using FluentEventStore.Generators.Marks;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;

namespace FluentEventStore.Generators.Messages;

/// <summary>Finds the types marked as messages.</summary>
internal static class MessageGenerator
{
    /// <summary>The step whose run reasons the caching tests assert.</summary>
    public const string ModelStep = "MessageModel";

    public static Slice Initialize(MarkFinder marks)
    {
        var parsed = marks.FindTypes(KnownTypes.MessageAttribute, MessageParser.Parse);
        return Slice.Of(
            parsed,
            parsed.Models(ModelStep),
            MessageEmitter.Register,
            static model => new HeldShapes($"message {model.TypeName}", model.Shapes));
    }
}
