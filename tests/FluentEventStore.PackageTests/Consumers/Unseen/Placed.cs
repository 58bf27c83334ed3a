using CommunityToolkit.Mvvm.ComponentModel;
using FluentEventStore;
using NodaTime;
using Vogen;

[ValueObject<Guid>]
public readonly partial struct CustomerId;

public sealed partial class Address : ObservableObject
{
    [ObservableProperty]
    private string? _street;
}

[Event("placed")]
public sealed record Placed(
    CustomerId Customer, Instant At, LocalTime Time, Duration Length, ZonedDateTime Zoned, Period Period, Address Address);
