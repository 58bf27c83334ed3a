using System.Text.Json.Serialization;

namespace FluentEventStore.Tests.Serialization;

/// <summary>Fields of the type itself, of its base and of a struct, and fields that only accessors reach.</summary>
[Event]
public sealed record Fielded(int Number) : FieldedBase<string>
{
    [JsonInclude]
    public decimal Amount = 1.5m;

    [JsonInclude, JsonPropertyName("list")]
    public List<int?>? Items;

    [JsonInclude]
    public required Corner Corner;

    [JsonInclude, JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal string? Note;

    [JsonInclude]
    private int _hidden;

    [JsonIgnore]
    public int Ignored = 7;

    public Fielded Hide(int hidden)
    {
        _hidden = hidden;
        return this;
    }

    public int Shown() => _hidden;
}

public abstract record FieldedBase<T>
{
    [JsonInclude]
    private T? _kept;

    public void Keep(T? kept) => _kept = kept;

    public T? Kept() => _kept;
}

public struct Corner
{
    [JsonInclude]
    public int X;

    [JsonInclude]
    private long _y;

    public readonly long Y() => _y;

    public Corner Move(long y)
    {
        _y = y;
        return this;
    }
}

/// <summary>Fields that only the constructor sets.</summary>
[Event]
public sealed class FieldedByConstructor(Guid id, string text = "none")
{
    [JsonInclude, Tag]
    public readonly Guid Id = id;

    [JsonInclude, PersonalData(Subject = nameof(Id))]
    public readonly string Text = text;
}
