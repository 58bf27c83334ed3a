using System.Text.Json;
using System.Text.Json.Serialization;

namespace FluentEventStore.Tests.Serialization;

public sealed class EventRoundTripTests
{
    private static readonly JsonSerializerOptions WebDefaults = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    [Fact]
    public void A_record_is_written_in_camel_case_and_read_back()
    {
        var opened = new AccountOpened(Guid.Parse("0197a7b0-1111-7222-8333-444455556666"), "Ada", null);
        var json = Json.Write(opened);
        json.ShouldBe("""{"accountId":"0197a7b0-1111-7222-8333-444455556666","owner":"Ada","nickname":null,"currency":"EUR"}""");
        Json.Read<AccountOpened>(json).ShouldBe(opened);
    }

    [Fact]
    public void Every_supported_shape_survives_our_round_trip()
    {
        var json = Json.Write(Samples.Full());
        Json.Write(Json.Read<Everything>(json)).ShouldBe(json);
    }

    [Fact]
    public void What_we_write_System_Text_Json_reads_as_the_same()
    {
        var json = Json.Write(Samples.Full());
        var read = JsonSerializer.Deserialize<Everything>(json, WebDefaults)!;
        read.Rename(Samples.Full().Renamed);
        Json.Write(read).ShouldBe(json);
    }

    [Fact]
    public void What_System_Text_Json_writes_we_read_as_the_same()
    {
        var json = JsonSerializer.Serialize(Samples.Full(), WebDefaults);
        Json.Write(Json.Read<Everything>(json)).ShouldBe(Json.Write(Samples.Full()));
    }

    [Fact]
    public void A_read_only_set_is_read_as_a_hash_set() =>
        Json.Read<ReadOnlySetHeld>(Json.Write(new ReadOnlySetHeld(new HashSet<int> { 3, 1 }))).Items.ShouldBe([3, 1], ignoreOrder: true);
}
