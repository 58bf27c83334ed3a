using FluentEventStore.Generators.Events;
using FluentEventStore.Generators.Pipeline;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Contracts;

/// <summary>Holds the events of a compilation against its contract file, if it has one.</summary>
internal static class ContractGenerator
{
    /// <summary>The step that holds what the file says, whose run reasons the caching tests assert.</summary>
    public const string FileStep = "ContractFile";

    /// <summary>The step that holds the descriptions of the events.</summary>
    public const string EntryStep = "ContractEntry";

    /// <summary>The step that holds the differences.</summary>
    public const string DriftStep = "ContractDrift";

    private const string UpdateOption = "build_property.UpdateEventContracts";

    public static void Initialize(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<EventModel>[] events,
        IncrementalValueProvider<bool> isWhole,
        IncrementalValueProvider<EquatableArray<StoredName>> names)
    {
        var files = context.AdditionalTextsProvider
            .Where(static text => ContractReader.IsContract(text.Path))
            .Select(static (text, cancellationToken) => ContractReader.Read(text.Path, text.GetText(cancellationToken)));
        var file = SliceSteps.Gather(files).Select(static (files, _) => Only(files)).WithTrackingName(FileStep);
        var isUpdate = context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
            options.GlobalOptions.TryGetValue(UpdateOption, out var value) && value.Equals("true", StringComparison.OrdinalIgnoreCase));

        var hasFile = file.Select(static (file, _) => file is { Fault: null });
        var entries = events.Select(models => models.Combine(hasFile)
            .Where(static pair => pair.Right)
            .Select(static (pair, _) => ContractDescriber.Describe(pair.Left))
            .WithTrackingName(EntryStep));

        var drift = file.Combine(SliceSteps.Gather([.. entries])).Combine(names).Combine(isWhole)
            .Select(
                static (all, _) => all is { Left: { Left: { Left: { } file, Right: var declared }, Right: var names }, Right: var isWhole }
                    ? ContractDrift.Find(file, declared, names, isWhole)
                    : null)
            .WithTrackingName(DriftStep);

        context.RegisterSourceOutput(
            file.Combine(drift).Combine(isUpdate), static (output, all) => Emit(output, all.Left.Left, all.Left.Right, all.Right));
    }

    private static ContractFileModel? Only(EquatableArray<ContractFileModel> files)
    {
        if (files.Count == 0)
            return null;

        return files.Count == 1
            ? files[0]
            : files[1] with
            {
                Entries = default,
                Fault = new ContractFaultModel($"'{files[0].Path}' is the contract of this project already", 0, 0)
            };
    }

    private static void Emit(SourceProductionContext output, ContractFileModel? file, ContractDriftModel? drift, bool isUpdate)
    {
        if (file is null || drift is null)
            return;

        // A file that cannot be read is not written over: it may hold samples that are nowhere else.
        var updates = isUpdate && file.Fault is null;
        ContractEmitter.EmitSamples(output, updates ? drift.Next : file.Entries);
        if (updates)
            ContractEmitter.EmitUpdate(output, drift.Next);
        else if (drift.Findings.Count > 0)
            ContractEmitter.EmitFindings(output, drift.Findings);
    }
}
