using System.Globalization;
using System.Text;
using System.Text.Json;
using FluentEventStore.Benchmarks.Payloads;

namespace FluentEventStore.Benchmarks.Web;

/// <summary>The request that appends a payment to the stream of an account.</summary>
internal static class PaymentRequest
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>As it goes over the wire.</summary>
    public static byte[] For(Guid account)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Payment.Take(1)[0], Json);
        string[] lines =
        [
            $"POST /accounts/{account:D}/payments HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}"),
            "",
            "",
        ];
        return [.. Encoding.ASCII.GetBytes(string.Join("\r\n", lines)), .. body];
    }
}
