using FluentEventStore.Tests.Serialization.Fuzzing;

namespace FluentEventStore.Tests.Serialization;

public sealed class DamagedPersonalDataTests
{
    private static readonly string Stored = StoredEvents.Write(new PatientAdmitted("p", "Ada Lovelace", new DateOnly(1815, 12, 10), new Contact(1, "+1"), [], 4));

    [Fact]
    public void An_encrypted_value_reads_as_what_it_was()
    {
        Stored.ShouldNotContain("Ada Lovelace");
        StoredEvents.Read<PatientAdmitted>(Stored).Name.ShouldBe("Ada Lovelace");
    }

    [Theory]
    [InlineData("""{"s":"p","$enc":"A==="}""", "no base64")]
    [InlineData("""{"s":"p","$enc":null}""", "no base64")]
    [InlineData("""{"s":"p","$enc":{"x":[]}}""", "no base64")]
    [InlineData("""{"$enc":"AAAA","s":""}""", "whose it is")]
    [InlineData("""{"$enc":"AAAA","s":5}""", "whose it is")]
    [InlineData("""{"$enc":"AAAA"}""", "whose it is")]
    [InlineData("""{"s":"p","$enc":"AAAA","x":1}""", "other properties")]
    [InlineData("""{"phone":"+1","$enc":"AAAA"}""", "other properties")]
    [InlineData("""{"s":"p","$enc":""}""", "cut off")]
    [InlineData("""{"s":"p","$enc":"AQ=="}""", "cut off")]
    [InlineData("""{"s":"p","$enc":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", "was changed")]
    [InlineData("""{"s":"p","$enc":"AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}""", "does not know")]
    public void A_damaged_value_is_an_error_and_never_taken_for_a_plain_one(string value, string reason)
    {
        // A contact is an object itself, which could be mistaken for one whose properties are all missing.
        foreach (var name in (string[])["name", "born", "contact"])
        {
            var start = Stored.IndexOf($"\"{name}\":", StringComparison.Ordinal) + name.Length + 3;
            var json = Stored[..start] + value + Stored[(Stored.IndexOf('}', start) + 1)..];

            var refusal = Should.Throw<EventSerializationException>(() => StoredEvents.Read<PatientAdmitted>(json));
            refusal.Path.ShouldBe($"$.{name}");
            refusal.Reason.ShouldContain(reason);
            refusal.Excerpt.ShouldNotContain("Ada Lovelace");
        }
    }

    [Fact]
    public void A_value_that_was_stored_in_plain_text_is_read() =>
        StoredEvents.Read<PatientAdmitted>("""{"patient":"p","name":"Ada Lovelace","born":"1815-12-10","contact":{"person":1,"phone":"+1"},"others":[],"ward":4}""")
            .Contact.ShouldBe(new Contact(1, "+1"));
}
