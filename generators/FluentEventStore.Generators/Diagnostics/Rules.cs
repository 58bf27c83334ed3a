using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Diagnostics;

/// <summary>
/// Every diagnostic of the generator and the analyzers. An id is never used again; each has a page under docs/diagnostics. An error cannot
/// work, a warning is a mistake in all likelihood, an info is advice.
/// </summary>
internal static class Rules
{
    private const string Pages = "https://github.com/FluentEventStore/FluentEventStore/blob/main/docs/diagnostics/";

    private const string Accept = ", if no such event is stored, accept the change with 'dotnet build -p:UpdateEventContracts=true'";
    private const string NextVersion = "; or declare the new shape as the next version and keep this one with an upcaster; or" + Accept;

    public static readonly DiagnosticDescriptor InvalidName =
        Error("FES0001", "Invalid stored name", "'{0}' is not a valid name for {1} '{2}': {3}");

    public static readonly DiagnosticDescriptor InvalidVersion =
        Error("FES0002", "Invalid event version", "The version of event '{0}' is {1}; the first version is 1");

    public static readonly DiagnosticDescriptor DuplicateName =
        Error("FES0003", "Two types with one stored name", "The {0} is declared by both '{1}' and '{2}'");

    public static readonly DiagnosticDescriptor UnsupportedType =
        Error("FES0004", "The type cannot be stored", "'{0}' cannot be stored: {1}");

    public static readonly DiagnosticDescriptor UnsupportedMember =
        Error("FES0005", "The member cannot be stored", "'{0}' of type '{1}' cannot be stored: {2}");

    public static readonly DiagnosticDescriptor NoConstructor =
        Error("FES0006", "No constructor can be chosen", "'{0}' cannot be read back: {1}");

    public static readonly DiagnosticDescriptor UnmatchedParameter =
        Error("FES0007", "The constructor parameter matches no property", "'{0}' cannot be read back: {1}");

    public static readonly DiagnosticDescriptor NeverSet =
        Error(
            "FES0008",
            "The property cannot be set",
            "'{0}' would be written but never read back: let an init accessor or a parameter of the constructor set it, or ignore it with "
                + "[JsonIgnore]");

    public static readonly DiagnosticDescriptor UnsupportedAttribute =
        Error("FES0009", "The JSON attribute is not supported", "{0} on '{1}' is not supported: {2}");

    public static readonly DiagnosticDescriptor DuplicateProperty =
        Error("FES0010", "Two properties with one JSON name", "'{0}' and '{1}' have the same JSON name '{2}'");

    public static readonly DiagnosticDescriptor NotStored =
        Error(
            "FES0011",
            "The field would not be stored",
            "'{0}' is a {1} and would not be stored: make it a public property, mark it with [JsonInclude], "
                + "or ignore it with [JsonIgnore]");

    public static readonly DiagnosticDescriptor NoIdentity =
        Error("FES0012", "The document has no identity", "The document '{0}' has no identity: {1}");

    public static readonly DiagnosticDescriptor NotPartial =
        Error("FES0013", "The type is not partial", "'{0}' is completed by generated code: declare '{1}' as partial");

    public static readonly DiagnosticDescriptor InvalidMethod =
        Error("FES0014", "The method cannot be called", "'{0}' cannot be called: {1}");

    public static readonly DiagnosticDescriptor InvalidStreamId =
        Error(
            "FES0015",
            "The typed stream id has another shape",
            "'{0}' is not a typed stream id: declare it as a readonly partial record struct over one Guid, string, int or long");

    public static readonly DiagnosticDescriptor TwoNames =
        Error(
            "FES0016",
            "Aggregate and document with two names",
            "'{0}' is one document, but named '{1}' as an aggregate and '{2}' as a document");

    public static readonly DiagnosticDescriptor InvalidUpcaster =
        Error("FES0017", "The upcaster cannot be called", "'{0}' cannot be called for an old event: {1}");

    public static readonly DiagnosticDescriptor DuplicateUpcaster =
        Error("FES0018", "Two ways to read one old shape", "Version {0} of the event '{1}' is taken by '{2}' and {3}");

    public static readonly DiagnosticDescriptor UpcasterCycle =
        Error(
            "FES0019", "The upcasters lead in a circle", "The upcaster '{0}' leads back to version {1} of the event '{2}', which it takes");

    public static readonly DiagnosticDescriptor UpcasterGap =
        Error(
            "FES0020",
            "A gap in a chain of upcasters",
            "No upcaster leads on from version {0} of the event '{1}', whose current version is {2}: add one from '{3}'");

    public static readonly DiagnosticDescriptor InvalidPersonalData =
        Error("FES0021", "The property cannot be personal data", "'{0}' cannot be stored as {1}");

    public static readonly DiagnosticDescriptor InvalidTag =
        Error("FES0022", "The property cannot be a tag", "'{0}' cannot tag an event: {1}");

    public static readonly DiagnosticDescriptor StrayAlias =
        Error("FES0023", "The alias is not on an event", "'{0}' has [EventAlias] but is not an event: mark it with [Event] too");

    public static readonly DiagnosticDescriptor AmbiguousMethods =
        Error(
            "FES0024",
            "Two methods fit one type",
            "Both '{0}' and '{1}' fit '{2}', and neither is more derived: add a method for '{2}', "
                + "or for an interface derived from both");

    public static readonly DiagnosticDescriptor InvalidDispatch =
        Error("FES0025", "The type cannot be called", "'{0}' cannot be {1}: {2}");

    public static readonly DiagnosticDescriptor InvalidContract =
        Error("FES0030", "The contract file cannot be read", "'{0}' is not a contract of events: {1}");

    public static readonly DiagnosticDescriptor ContractPropertyLost =
        Error(
            "FES0031",
            "Stored events hold a property that nothing reads",
            "Stored events '{0}' of version {1} hold '{2}', which nothing reads any more: its values would be ignored without notice. "
                + "Restore the property (a renamed one keeps its stored name with [JsonPropertyName])"
                + NextVersion);

    public static readonly DiagnosticDescriptor ContractPropertyRetyped =
        Error(
            "FES0032",
            "Stored events hold another type",
            "Stored events '{0}' of version {1} hold '{2}' as {3}, but it is declared as {4}: the events could not be read. Restore its "
                + "type"
                + NextVersion);

    public static readonly DiagnosticDescriptor ContractPropertyDemanded =
        Error(
            "FES0033",
            "Stored events lack a required property",
            "Stored events '{0}' of version {1} may {3}, but '{2}' is required: the events could not be read. Give it a default or let it "
                + "be null"
                + NextVersion);

    public static readonly DiagnosticDescriptor ContractNameReused =
        Error(
            "FES0034",
            "The name of another event is used again",
            "Stored events '{0}' of version {1} are of '{2}', but would be read as '{3}', which means something else. Give it a name of "
                + "its own"
                + NextVersion);

    public static readonly DiagnosticDescriptor ContractVersionDropped =
        Error(
            "FES0035",
            "Nothing reads stored events any more",
            "Version {1} of the event '{0}' is in the contract, but neither a type nor an upcaster reads it: reading a stream that holds "
                + "one would throw UnknownEventTypeException. Restore the type; or read its JSON with [Upcaster(\"{0}\", Version = {1})]; "
                + "or"
                + Accept);

    public static readonly DiagnosticDescriptor ContractEventNew =
        Info("FES0036", "The event is not in the contract", "Version {1} of the event '{0}' is not in the contract of events yet");

    public static readonly DiagnosticDescriptor ContractOutdated =
        Info("FES0037", "The contract is out of date", "The contract of the event '{0}' in version {1} does not say yet: {2}");

    public static readonly DiagnosticDescriptor NoEvent =
        Error("FES0040", "An object that is not an event is appended", "'{0}' is not an event: {1}");

    public static readonly DiagnosticDescriptor CannotBegin =
        Warning(
            "FES0041",
            "No event can begin the aggregate",
            "No event can begin '{0}': give it a static Create that takes one, or a constructor without parameters");

    public static readonly DiagnosticDescriptor NeverCalled =
        Warning("FES0042", "The method is never called", "'{0}' is never called: {1}", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor MutableEvent =
        Info("FES0043", "The event can be changed", "'{0}' can be set after the event happened: {1}");

    public static readonly DiagnosticDescriptor ReferenceEquality =
        Info(
            "FES0044",
            "The event compares a collection by reference",
            "'{0}' makes events with the same items unequal: '{1}' is compared by reference");

    public static readonly DiagnosticDescriptor DateTimeInEvent =
        Info("FES0045", "The event holds a DateTime", "'{0}' is a DateTime, which is stored without an offset: use DateTimeOffset");

    public static readonly DiagnosticDescriptor ImplicitName =
        Info(
            "FES0046",
            "The event is named after its type",
            "'{0}' is stored as '{1}' until somebody renames the type: write the name into [Event]");

    public static readonly DiagnosticDescriptor SaveNotAwaited =
        Warning("FES0047", "SaveChangesAsync is not awaited", "SaveChangesAsync is not awaited: {0}");

    public static readonly DiagnosticDescriptor DisposedSession =
        Warning("FES0048", "The session is used after it was disposed", "The session '{0}' was disposed before");

    public static readonly DiagnosticDescriptor UnsavedState =
        Warning(
            "FES0049",
            "The aggregate has state that a snapshot would not hold",
            "'{0}' is not stored when '{1}' is kept as a snapshot: make it a public property, mark it with [JsonInclude], or ignore it "
                + "with [JsonIgnore]");

    public static readonly DiagnosticDescriptor IncompleteSnapshot =
        Error(
            "FES0050",
            "The snapshot would not hold all of the aggregate",
            "'{0}' is stored without {1}, and would be different when it is read back: make them public properties, mark them with "
                + "[JsonInclude], or ignore them with [JsonIgnore]");

    public static readonly DiagnosticDescriptor NoDocument =
        Error("FES0051", "A type that is not a document is used as one", "'{0}' is not {1}: {2}");

    public static readonly DiagnosticDescriptor ForgetReportDropped =
        Warning(
            "FES0052",
            "The result of ForgetAsync is ignored",
            "The result of ForgetAsync is ignored: it says whether the tenant had anything of the subject to forget");

    public static readonly DiagnosticDescriptor EmptyAggregate =
        Warning(
            "FES0053",
            "No event changes the aggregate",
            "'{0}' has no Create, Apply or ShouldDelete that takes an event, so no event would change it");

    public static readonly DiagnosticDescriptor ContractAbsenceRedefined =
        Error(
            "FES0054",
            "A value that is missing in stored events would mean something else",
            "Stored events '{0}' of version {1} leave '{2}' out when it has the default of its type, but would be read with another "
                + "default. Leave it out as before with [JsonIgnore], or remove its other default"
                + NextVersion);

    public static readonly DiagnosticDescriptor ComparerNotStored =
        Warning(
            "FES0055",
            "The comparer of the collection is not stored",
            "'{0}' is created with a comparer, but the collection that is read back has the comparer of its type: declare a collection "
                + "whose constructor names the comparer, or ignore the property with [JsonIgnore]");

    public static readonly DiagnosticDescriptor InvalidNaturalKey =
        Error("FES0070", "The method cannot say a natural key", "'{0}' cannot say a natural key: {1}");

    public static readonly DiagnosticDescriptor InvalidProjection =
        Error("FES0080", "The projection cannot be used", "'{0}' cannot be used as a projection: {1}");

    public static readonly DiagnosticDescriptor InvalidView =
        Error("FES0081", "The view cannot be kept", "'{0}' cannot be what '{1}' keeps: {2}");

    public static readonly DiagnosticDescriptor NoViewOfEvent =
        Error(
            "FES0082",
            "It is not known which view an event concerns",
            "'{0}' takes '{1}', but no method Identity or Identities says which views it concerns");

    public static readonly DiagnosticDescriptor IdentityWithoutUse =
        Error(
            "FES0083",
            "No method takes what an identity is given for",
            "'{0}' says which views '{1}' concerns, but no method of '{2}' takes it");

    public static readonly DiagnosticDescriptor UnknownWrites =
        Error(
            "FES0084",
            "It is not known what the projection writes",
            "A rebuild of '{0}' would not know what to make anew: {1}. Name the documents that it writes with [Writes<T>]");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Rule(DiagnosticSeverity.Error, id, title, message);

    private static DiagnosticDescriptor Warning(string id, string title, string message, params string[] tags) =>
        Rule(DiagnosticSeverity.Warning, id, title, message, tags);

    private static DiagnosticDescriptor Info(string id, string title, string message) => Rule(DiagnosticSeverity.Info, id, title, message);

    private static DiagnosticDescriptor Rule(DiagnosticSeverity severity, string id, string title, string message, params string[] tags) =>
        new(
        id,
        title,
        message,
        category: "FluentEventStore",
        severity,
        isEnabledByDefault: true,
        description: null,
        helpLinkUri: $"{Pages}{id}.md",
        tags);
}
