namespace FluentEventStore;

/// <summary>
/// Marks a record, class or struct as a message, which a session publishes or schedules. The source generator writes its registration and
/// its JSON writer and reader.
/// </summary>

[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class MessageAttribute : Attribute
{
    /// <summary>Takes the type's name in kebab case: <c>SendMail</c> is stored as <c>send-mail</c>.</summary>
    public MessageAttribute()
    {
    }

    /// <summary>Takes a name.</summary>
    /// <param name="name">
    /// The name under which messages wait and which receivers see, 1 to 250 characters. <see langword="null"/>: the type's name in kebab
    /// case.
    /// </param>
    public MessageAttribute(string? name) => Name = name;

    /// <summary>The name as given; <see langword="null"/> stands for the kebab-case type name.</summary>
    public string? Name { get; }
}
