using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace FluentEventStore.Serialization;

/// <summary>What the generated codecs of all records, classes and structs have in common.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ObjectCodec
{
    /// <summary>How deep arrays and objects may be nested, for writing and reading; a reader's own limit is the same.</summary>
    internal const int MaxDepth = 64;

    /// <summary>Begins the JSON object of a struct.</summary>
    /// <exception cref="JsonException">The object would be nested too deep.</exception>
    public static void WriteStart(JsonWriter writer)
    {
        RefuseTooDeep(writer);
        writer.WriteStartObject();
    }

    /// <summary>Begins the JSON object of a class.</summary>
    /// <exception cref="JsonException">
    /// <paramref name="value"/> is <see langword="null"/>, or the object would be nested too deep.
    /// </exception>
    public static void WriteStart<T>(JsonWriter writer, [NotNull] T? value)
        where T : class
    {
        if (value is null)
            throw JsonFailure.Null(typeof(T).Name);

        WriteStart(writer);
    }

    /// <summary>Begins the JSON object of a class that others may derive from.</summary>
    /// <param name="writer">Writes the object.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">The type whose properties are written: <typeparamref name="T"/>.</param>
    /// <exception cref="JsonException">
    /// <paramref name="value"/> is <see langword="null"/>, or of a derived type, which would come back as <typeparamref name="T"/>; or the
    /// object would be nested too deep.
    /// </exception>
    public static void WriteStart<T>(JsonWriter writer, [NotNull] T? value, Type type)
        where T : class
    {
        if (value is not null && value.GetType() != type)
            throw new JsonException(
                $"A {value.GetType().Name} is given where a {type.Name} is stored, and would be read back as one: list it in "
                    + $"[JsonDerivedType] on {type.Name}.");

        WriteStart(writer, value);
    }

    /// <summary>Enters the JSON object of a <typeparamref name="T"/>.</summary>
    /// <exception cref="JsonException">The reader does not stand on the start of an object.</exception>
    public static void ReadStart<T>(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw JsonFailure.Unreadable(ref reader, typeof(T).Name);
    }

    /// <summary>Goes on to the next name of the object; <see langword="false"/> at its end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool ReadName(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether the reader stands on this name; if so, goes on to its value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Matches(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        var plain = !reader.ValueIsEscaped && !reader.HasValueSequence;
        return (plain ? reader.ValueSpan.SequenceEqual(name) : reader.ValueTextEquals(name)) && reader.Read();
    }

    /// <summary>Skips the value of a name that the type does not know.</summary>
    public static void SkipValue(ref Utf8JsonReader reader) => reader.Skip();

    /// <summary>Keeps the property that the reader stands on, for a type that holds unknown properties.</summary>
    /// <param name="reader">Stands on the name; goes on to the end of the value.</param>
    /// <param name="kept">What was kept so far: <see langword="null"/> at first. Of two with one name the last one counts.</param>
    public static T Keep<T>(ref Utf8JsonReader reader, T? kept)
        where T : class, IDictionary<string, JsonElement>
    {
        kept ??= (T)(object)new Dictionary<string, JsonElement>();
        var name = StringKeyCodec.ReadName(ref reader);
        reader.Read();
        kept[name] = JsonElementCodec.Read(ref reader);
        return kept;
    }

    /// <summary>Writes what was kept, as properties of the object itself.</summary>
    /// <param name="writer">Writes the object.</param>
    /// <param name="kept">The properties.</param>
    /// <param name="isDeclared">Whether the type itself has a property of a name.</param>
    /// <exception cref="JsonException">One has the name of a declared property: jsonb would keep only the last of the two.</exception>
    public static void WriteKept(JsonWriter writer, IDictionary<string, JsonElement>? kept, Func<string, bool> isDeclared)
    {
        if (kept is null)
            return;

        PlainCollection<IDictionary<string, JsonElement>>.RefuseOther(kept);
        foreach (var (name, value) in kept)
        {
            if (isDeclared(name))
                throw new JsonException($"'{name}' is kept as an unknown property, but the type has a property of that name.");

            StringKeyCodec.WriteName(writer, name);
            JsonElementCodec.Write(writer, value);
        }
    }

    /// <summary>The object lacks a value that the type demands.</summary>
    public static JsonException Missing<T>(string name) => new($"The property '{name}' of {typeof(T).Name} is missing.");

    internal static void RefuseTooDeep(JsonWriter writer) => RefuseTooDeep(writer.Depth);

    internal static void RefuseTooDeep(int depth)
    {
        if (depth >= MaxDepth)
            throw new JsonException($"The value is nested deeper than {MaxDepth} levels; does it contain itself?");
    }
}
