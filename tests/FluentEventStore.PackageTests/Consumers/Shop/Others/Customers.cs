using System.Text.Json;
using System.Text.Json.Serialization;
using CommunityToolkit.Mvvm.ComponentModel;
using FluentEventStore;
using Ids;
using Others;
using Vogen;

[assembly: UseConverter(typeof(CustomerIdConverter))]

namespace Others;

[ValueObject<Guid>]
public readonly partial struct CustomerId;

public sealed class CustomerIdConverter : JsonConverter<CustomerId>
{
    public override CustomerId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        CustomerId.From(reader.GetGuid());

    public override void Write(Utf8JsonWriter writer, CustomerId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

[Event("customer-registered")]
public sealed record CustomerRegistered(CustomerId Customer, CustomerId? RecommendedBy);

[Event("product-seen")]
public sealed record ProductSeen(ProductId Product, Address Address);

public sealed partial class Address : ObservableObject
{
    [ObservableProperty]
    public partial string? Street { get; set; }
}

public sealed class Tags : List<string>;

public sealed class Names() : HashSet<string>(StringComparer.OrdinalIgnoreCase);

[Event("tagged")]
public sealed record Tagged(Tags Tags, Names Names);
