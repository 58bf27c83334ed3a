using FluentEventStore.Tests.Serialization.Fuzzing;

namespace FluentEventStore.Tests.Serialization;

public sealed class DamagedPersonalDataTests
{
    private static readonly string Stored = StoredEvents.Write(
        new PatientAdmitted("p", "Ada Lovelace", new DateOnly(1815, 12, 10), new Contact(1, "+1"), [], 4));

    [Fact]
    public void An_encrypted_value_reads_as_what_it_was()
    {
        Stored.ShouldNotContain("Ada Lovelace");
        StoredEvents.Read<PatientAdmitted>(Stored).Name.ShouldBe("Ada Lovelace");
    }

    [Theory]
    [InlineData("""{"s":"p","$enc":"A==="}""", "not base64")]
    [InlineData("""{"s":"p","$enc":null}""", "not base64")]
    [InlineData("""{"s":"p","$enc":{"x":[]}}""", "not base64")]
    [InlineData("""{"$enc":"AAAA","s":""}""", "whose it is")]
    [InlineData("""{"$enc":"AAAA","s":5}""", "whose it is")]
    [InlineData("""{"$enc":"AAAA"}""", "whose it is")]
    [InlineData("""{"s":"p","$enc":"AAAA","x":1}""", "other properties")]
    [InlineData("""{"phone":"+1","$enc":"AAAA"}""", "other properties")]
    [InlineData("""{"s":"p","$enc":""}""", "another mark")]
    [InlineData("""{"s":"p","$enc":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", "another mark")]
    [InlineData("""{"s":"p","$enc":"{mark}"}""", "cut off")]
    [InlineData("""{"s":"p","$enc":"{mark}AQ=="}""", "cut off")]
    [InlineData("""{"s":"p","$enc":"{mark}AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", "was changed")]
    [InlineData("""{"s":"p","$enc":"{mark}AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", "was changed")]
    [InlineData("""{"s":"p","$enc":"{mark}AwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", "does not know")]
    public void A_damaged_value_is_an_error_and_never_taken_for_a_plain_one(string value, string reason)
    {
        // A contact is an object itself, which could be mistaken for one whose properties are all missing.
        foreach (var name in (string[])["name", "born", "contact"])
        {
            var start = Stored.IndexOf($"\"{name}\":", StringComparison.Ordinal) + name.Length + 3;
            var json = Stored[..start]
                + value.Replace("{mark}", MarkOf(Stored), StringComparison.Ordinal)
                + Stored[(Stored.IndexOf('}', start) + 1)..];

            var refusal = Should.Throw<EventSerializationException>(() => StoredEvents.Read<PatientAdmitted>(json));
            refusal.Path.ShouldBe($"$.{name}");
            refusal.Reason.ShouldContain(reason);
            refusal.Excerpt.ShouldNotContain("Ada Lovelace");
        }
    }

    [Fact]
    public void A_value_that_was_stored_in_plain_text_is_read() =>
        StoredEvents.Read<PatientAdmitted>(
            """{"patient":"p","name":"Ada Lovelace","born":"1815-12-10","contact":{"person":1,"phone":"+1"},"others":[],"ward":4}""")
            .Contact.ShouldBe(new Contact(1, "+1"));

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"AAAA\"")]
    [InlineData("\"!AAAAAAAAAAA\"")]
    [InlineData("5")]
    [InlineData("{\"a\":1}")]
    public void An_invalid_mark_is_an_error(string mark)
    {
        var refusal = Should.Throw<EventSerializationException>(
            () => StoredEvents.Read<PatientAdmitted>(Stored.Replace($"\"{MarkOf(Stored)}\"", mark, StringComparison.Ordinal)));
        refusal.Reason.ShouldContain("'$'");
        refusal.InnerException.ShouldNotBeNull();
    }

    [Fact]
    public void An_event_whose_values_are_all_null_has_no_mark() =>
        StoredEvents.Write(new NoteFiled("p", null, null)).ShouldBe("""{"author":"p","text":null,"fields":null}""");

    [Fact]
    public void The_mark_is_found_wherever_it_is_and_is_not_an_unknown_property()
    {
        var stored = StoredEvents.Write(
            new NoteFiled("p", "secret", null) { Rest = new() { ["more"] = System.Text.Json.JsonSerializer.SerializeToElement(1) } });
        var mark = $"\"$\":\"{MarkOf(stored)}\"";
        var rest = stored[(mark.Length + 2)..^1];
        rest.ShouldNotContain("\"$\"");
        string[] written = [
            stored,
            $"{{{rest},{mark}}}",
            $"{{ {rest} , {mark} }}",
            $"{{ {mark} , {rest} }}",
            stored.Replace("\"more\":1", $"\"more\":1,{mark}", StringComparison.Ordinal).Replace(
                $"{{{mark},", "{", StringComparison.Ordinal)
        ];
        foreach (var json in written)
        {
            var read = StoredEvents.Read<NoteFiled>(json);
            read.Text.ShouldBe("secret");
            read.Rest!.Keys.ShouldBe(["more"]);
        }
    }

    [Fact]
    public void Data_with_the_property_of_the_mark_is_refused_when_it_is_written()
    {
        const string name = "$";
        var value = System.Text.Json.JsonSerializer.SerializeToElement("AAAAAAAAAAAA");
        foreach (object data in (object[])[
            new NoteFiled("p", "secret", null) { Rest = new() { [name] = value } },
            new NoteFiled("p", null, null) { Rest = new() { [name] = value } },
            new NoteKept { Rest = new() { [name] = value } }
        ])
            Should.Throw<EventSerializationException>(() => StoredEvents.Write(Json.TypeOf(data.GetType()), data)).Reason
                .ShouldContain("'$'");

        StoredEvents.Read<NoteFiled>(StoredEvents.Write(new NoteFiled("p", "secret", new() { [name] = "inside" }))).Fields![name]
            .ShouldBe("inside");
    }

    [Fact]
    public void What_only_looks_encrypted_in_an_event_without_a_mark_is_read_as_it_is() =>
        StoredEvents.Read<NoteFiled>(
            """{"author":"p","text":"secret","fields":{"s":"p","$enc":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}""")
            .Fields!["$enc"].ShouldStartWith("AQAAA");

    [Fact]
    public void What_looks_encrypted_inside_of_what_is_encrypted_is_read_as_it_was_written()
    {
        var fields = new Dictionary<string, string> { ["s"] = "p", ["$enc"] = "AQAA", ["$"] = "AQAA" };
        StoredEvents.Read<NoteFiled>(StoredEvents.Write(new NoteFiled("p", "secret", fields))).Fields.ShouldBe(fields);
    }

    private static string MarkOf(string stored) => stored["{\"$\":\"".Length..][..12];
}
