using System.Text.Json;
using Npgsql;

namespace FluentEventStore.Subscriptions;

/// <summary>Why a checkpoint was not moved, as the row of the range says.</summary>
/// <param name="IsPaused">Whether an operator paused it.</param>
/// <param name="Epoch">Its epoch; <see langword="null"/> if it is gone.</param>
internal readonly record struct Refusal(bool IsPaused, long? Epoch)
{
    /// <summary>What the hint of a refused page says.</summary>
    public static Refusal Of(PostgresException refused)
    {
        using var row = JsonDocument.Parse(refused.Hint ?? "{}");
        return new Refusal(
            row.RootElement.TryGetProperty("paused", out var paused) && paused.GetBoolean(),
            row.RootElement.TryGetProperty("epoch", out var actual) ? actual.GetInt64() : null);
    }
}
