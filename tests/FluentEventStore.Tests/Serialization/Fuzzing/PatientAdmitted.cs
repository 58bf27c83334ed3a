using System.Text.Json;
using System.Text.Json.Serialization;

namespace FluentEventStore.Tests.Serialization.Fuzzing;

/// <summary>Personal data of every kind: a text, a struct, a record that holds more of it, and one in a list.</summary>
[Event]
public sealed record PatientAdmitted(
    string Patient,
    [PersonalData(Subject = nameof(Patient))] string Name,
    [PersonalData(Subject = nameof(Patient))] DateOnly Born,
    [PersonalData(Subject = nameof(Patient))] Contact? Contact,
    List<Contact> Others,
    int Ward);

public sealed record Contact(long Person, [property: PersonalData(Subject = nameof(Contact.Person), Replacement = "?")] string Phone)
{
    [PersonalData(Subject = nameof(Person))]
    public Contact? Next { get; set; }
}

/// <summary>Personal data beside properties that the type does not know, and free texts that a caller chooses.</summary>
[Event]
public sealed record NoteFiled(
    string Author,
    [property: PersonalData(Subject = nameof(NoteFiled.Author))] string? Text,
    [property: PersonalData(Subject = nameof(NoteFiled.Author))] Dictionary<string, string>? Fields)
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }
}

[Event]
public sealed record NoteKept
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }
}

/// <summary>The last shape of a chain. Its constructor refuses what is no temperature.</summary>
[Event("temperature-taken", Version = 3)]
public sealed record TemperatureTaken
{
    public TemperatureTaken(string place, decimal kelvin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(kelvin);
        (Place, Kelvin) = (place, kelvin);
    }

    [Tag]
    public string Place { get; }

    public decimal Kelvin { get; }
}

[Event("temperature-taken", Version = 2)]
public sealed record TemperatureTakenV2(string Place, decimal Celsius);

public static class TemperatureUpcasters
{
    [Upcaster("temperature-taken", Version = 1)]
    public static TemperatureTakenV2 FromFahrenheit(JsonElement old) =>
        new(
            old.GetProperty("place").GetString() ?? throw new FormatException("It has no place."),
            (old.GetProperty("fahrenheit").GetDecimal() - 32) / 1.8m);

    [Upcaster]
    public static TemperatureTaken FromCelsius(TemperatureTakenV2 old) => new(old.Place, old.Celsius + 273.15m);
}
