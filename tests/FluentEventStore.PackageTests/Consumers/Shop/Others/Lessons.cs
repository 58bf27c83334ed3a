using System.Text.Json;
using System.Text.Json.Serialization;
using FluentEventStore;
using NodaTime;
using NodaTime.Text;
using Others;

[assembly: UseConverter(typeof(InstantConverter))]
[assembly: UseConverter(typeof(LocalDateConverter))]
[assembly: UseConverter(typeof(LocalTimeConverter))]
[assembly: UseConverter(typeof(DurationConverter))]

namespace Others;

public abstract class PatternConverter<T>(IPattern<T> pattern) : JsonConverter<T>
    where T : notnull
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        pattern.Parse(reader.GetString() ?? "").GetValueOrThrow();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(pattern.Format(value));
}

public sealed class InstantConverter() : PatternConverter<Instant>(InstantPattern.ExtendedIso);

public sealed class LocalDateConverter() : PatternConverter<LocalDate>(LocalDatePattern.Iso);

public sealed class LocalTimeConverter() : PatternConverter<LocalTime>(LocalTimePattern.ExtendedIso);

public sealed class DurationConverter() : PatternConverter<Duration>(DurationPattern.Roundtrip);

[Event("lesson-planned")]
public sealed record LessonPlanned(Instant At, LocalTime Begins, Duration Length, IReadOnlyList<LocalDate> Days);
