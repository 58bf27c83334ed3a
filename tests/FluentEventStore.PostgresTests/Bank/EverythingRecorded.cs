using System.Text.Json.Serialization;

namespace FluentEventStore.PostgresTests.Bank;

/// <summary>An event with a property of each kind that a column can be of.</summary>
[Event("everything-recorded", Version = 2)]
public sealed record EverythingRecorded(
    PersonId Person,
    StreamId Stream,
    long Version,
    byte? Small,
    ulong Huge,
    decimal Amount,
    double Ratio,
    float? Part,
    bool Flag,
    DayOfWeek Day,
    DateOnly Date,
    DateTimeOffset At,
    DateTime? Until,
    TimeSpan Took,
    string? Text,
    IReadOnlyList<int> Numbers,
    Address? Address,
    [property: JsonPropertyName("it's \"quoted\" \\ {odd}")] string Odd);
