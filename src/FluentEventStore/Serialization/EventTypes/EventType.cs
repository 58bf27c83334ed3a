using System.ComponentModel;
using System.Text;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>A type of events: its stored name and version, and how its data is written and read.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class EventType
{
    private protected EventType(string name, int version, Type clrType)
    {
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        Version = version;
        ClrType = clrType;
    }

    /// <summary>The stored name.</summary>
    public string Name { get; }

    /// <summary>The stored name as it comes from the database.</summary>
    internal ReadOnlyMemory<byte> Utf8Name { get; }

    /// <summary>Which shape of the named type this is; 1 or more.</summary>
    public int Version { get; }

    /// <summary>The type of the data.</summary>
    public Type ClrType { get; }

    /// <summary>The properties for views, a line for each: the type in PostgreSQL, a space, the name in JSON.</summary>
    internal string Columns { get; init; } = "";

    /// <summary>What events of this type are read as: this type, unless upcasters lead on from it.</summary>
    internal virtual EventType Current => this;

    /// <summary>Whether stored events of this type may hold personal data, which needs keys to write and read.</summary>
    internal virtual bool HoldsPersonalData => false;

    /// <summary>The same type under another name.</summary>
    internal abstract EventType As(string name);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} v{Version} ({ClrType.FullName})";

    /// <summary>The tags of an event with this data, from its properties.</summary>
    internal virtual Tag[] TagsOf(object data) => [];

    /// <summary>Writes the data of an event of this type.</summary>
    internal abstract void Write(JsonWriter writer, object data);

    /// <summary>Reads the data as it was stored.</summary>
    /// <exception cref="JsonException">The JSON does not fit.</exception>
    internal abstract object ReadData(ref Utf8JsonReader reader);

    /// <summary>Reads the data of a recorded event, in its current shape.</summary>
    /// <exception cref="JsonException">The JSON does not fit.</exception>
    /// <exception cref="EventSerializationException">An upcaster failed.</exception>
    internal abstract IEvent Read(ref Utf8JsonReader reader, in EventMetadata metadata);

    /// <summary>Combines data of this type with metadata, in the current shape.</summary>
    /// <exception cref="EventSerializationException">An upcaster failed.</exception>
    internal abstract IEvent Record(object data, in EventMetadata metadata);
}
