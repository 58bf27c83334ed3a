using System.Text.Json;

namespace FluentEventStore.AspNetCore.Tests.Samples.Bank;

public sealed class DescriptionTests(PostgresServer server)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_description_tells_what_is_asked_in_the_address_and_what_may_be_answered()
    {
        await using var database = await BankDatabase.CreateAsync(server);
        await using var bank = await BankProcess.StartAsync(database.ConnectionString());
        using var description = JsonDocument.Parse(await bank.Client.GetStringAsync("/openapi/v1.json", Cancellation));
        var paths = description.RootElement.GetProperty("paths");
        var deposit = paths.GetProperty("/accounts/{id}/deposits").GetProperty("post");

        Parameters(deposit).ShouldContain("path id string uuid required");
        deposit.GetProperty("responses").EnumerateObject().Select(static answer => answer.Name)
            .ShouldBe(["200", "204", "400", "404", "409", "410", "412", "415", "422", "500", "503"], ignoreOrder: true);
        Parameters(paths.GetProperty("/accounts/{id}/live").GetProperty("get")).ShouldBe(
            ["path id string uuid required", "query after string", "header Last-Event-ID string", "header X-Tenant string required"],
            ignoreOrder: true);
        Parameters(paths.GetProperty("/accounts/{id}/statement").GetProperty("get")).ShouldBe(
            [
                "path id string uuid required", "query version integer int64", "query until string date-time",
                "header X-Tenant string required",
            ],
            ignoreOrder: true);
    }

    private static IEnumerable<string> Parameters(JsonElement operation) =>
        operation.GetProperty("parameters").EnumerateArray().Select(static parameter =>
        {
            var schema = parameter.GetProperty("schema");
            var type = schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } types
                ? types.EnumerateArray().Select(static one => one.GetString()).First(static one => one is not "null" and not "string")
                : schema.GetProperty("type").GetString();
            var format = schema.TryGetProperty("format", out var said) ? $" {said.GetString()}" : "";
            var required = parameter.TryGetProperty("required", out var isRequired) && isRequired.GetBoolean() ? " required" : "";
            return $"{parameter.GetProperty("in").GetString()} {parameter.GetProperty("name").GetString()} {type}{format}{required}";
        });
}
