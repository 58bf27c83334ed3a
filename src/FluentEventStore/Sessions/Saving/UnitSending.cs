using FluentEventStore.Serialization;

namespace FluentEventStore.Sessions;

/// <summary>How a unit is sent.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Folding">What folds its inline snapshots; <see langword="null"/> if it concerns none.</param>
/// <param name="IsLocked">Whether they are folded under the locks of its streams.</param>
/// <param name="Patience">How long it is sent again.</param>
/// <param name="Payloads">Where further JSON is written to.</param>
internal readonly record struct UnitSending(
    DescribedUnit Unit, IInlineFolding? Folding, bool IsLocked, Patience Patience, JsonWriter Payloads);
