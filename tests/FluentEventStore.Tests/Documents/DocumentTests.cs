using FluentEventStore.Tests.Serialization;

namespace FluentEventStore.Tests.Documents;

public sealed class DocumentTests
{
    private static readonly Guid Ada = Guid.Parse("0197a7b0-1111-7222-8333-444455556666");

    [Fact]
    public void In_a_document_every_instant_is_UTC_down_to_the_leaves()
    {
        var at = new DateTimeOffset(2024, 1, 1, 1, 0, 0, TimeSpan.FromHours(2));
        var customer = new Customer { Id = Ada, Name = "Ada", Since = at, Visits = [new Visit(at)], LastOrder = new OrderId(Ada) };
        StoredDocuments.Write(customer).ShouldBe(
            """
            {"id":"0197a7b0-1111-7222-8333-444455556666","name":"Ada","city":"Paris","age":0,"since":"2023-12-31T23:00:00.0000000Z",
            "lastOrder":"0197a7b0-1111-7222-8333-444455556666","visits":[{"at":"2023-12-31T23:00:00.0000000Z"}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public void A_property_that_the_JSON_lacks_keeps_its_initializer()
    {
        var customer = StoredDocuments.Read<Customer>("""{"name":"Ada","unknown":[{"x":1}],"age":3}""");
        customer.City.ShouldBe("Paris");
        customer.Visits.ShouldBeEmpty();
        customer.Age.ShouldBe(3);
    }

    [Fact]
    public void Properties_with_private_setters_are_read()
    {
        var tally = new Tally { Id = 3 };
        tally.Counts.Add("x", 1);
        StoredDocuments.Read<Tally>(StoredDocuments.Write(tally)).Counts.ShouldBe(tally.Counts);
    }
}
