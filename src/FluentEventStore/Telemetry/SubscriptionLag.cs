namespace FluentEventStore.Telemetry;

/// <summary>How far a subscription was behind when somebody looked.</summary>
/// <param name="Subscription">Its name.</param>
/// <param name="Positions">How many positions of the settled log it was behind.</param>
/// <param name="Time">How long ago the first event was written that it had not handled; zero if there was none.</param>
/// <param name="Parked">How many of its keys were parked.</param>
internal sealed record SubscriptionLag(string Subscription, long Positions, TimeSpan Time, int Parked);
