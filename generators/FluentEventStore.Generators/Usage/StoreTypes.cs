using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Usage;

/// <summary>The types of the library that analyzers ask for, resolved once a compilation.</summary>
internal sealed class StoreTypes
{
    private readonly IAssemblySymbol _library;
    private readonly INamedTypeSymbol _event;
    private readonly INamedTypeSymbol _aggregate;
    private readonly INamedTypeSymbol _decider;
    private readonly INamedTypeSymbol _handler;
    private readonly INamedTypeSymbol _upcaster;
    private readonly INamedTypeSymbol _document;
    private readonly INamedTypeSymbol _message;
    private readonly INamedTypeSymbol _unsavedState;
    private readonly INamedTypeSymbol _projections;
    private readonly INamedTypeSymbol[] _documentHolders;
    private readonly INamedTypeSymbol _querySession;
    private readonly INamedTypeSymbol _envelope;
    private readonly INamedTypeSymbol _envelopeOfData;
    private readonly INamedTypeSymbol[] _takers;

    private StoreTypes(IAssemblySymbol library)
    {
        _library = library;
        _event = Get(KnownTypes.EventAttribute);
        _aggregate = Get(KnownTypes.AggregateAttribute);
        _decider = Get(KnownTypes.DeciderAttribute);
        _handler = Get(KnownTypes.EventHandlerAttribute);
        _upcaster = Get(KnownTypes.UpcasterAttribute);
        _querySession = Get(KnownTypes.QuerySession);
        _envelope = Get(KnownTypes.Event);
        _envelopeOfData = Get(KnownTypes.EventOfData);
        _takers = [
            Get(KnownTypes.EventOperations),
            Get(KnownTypes.EventStream),
            Get(KnownTypes.EventBoundary),
            Get(KnownTypes.ImportedEvent)
        ];
        DocumentSession = Get(KnownTypes.DocumentSession);
        StorePrivacy = Get(KnownTypes.StorePrivacy);
        _document = Get(KnownTypes.DocumentAttribute);
        _message = Get(KnownTypes.MessageAttribute);
        _unsavedState = Get(KnownTypes.UnsavedStateAttribute);
        _documentHolders = [_querySession, Get(KnownTypes.DocumentOperations)];
        _projections = Get(KnownTypes.ProjectionOptions);
    }

    public INamedTypeSymbol DocumentSession { get; }

    public INamedTypeSymbol StorePrivacy { get; }

    /// <summary>The types, if the compilation refers to the library.</summary>
    public static StoreTypes? Find(Compilation compilation) =>
        compilation.SourceModule.ReferencedAssemblySymbols
            .FirstOrDefault(static assembly => assembly.Name == KnownTypes.Library) is { } library
        && library.GetTypeByMetadataName(KnownTypes.EventAttribute) is not null
            ? new StoreTypes(library)
            : null;

    public AttributeData? EventAttribute(ITypeSymbol type) => Find(type, _event);

    public bool IsEvent(ITypeSymbol type) => EventAttribute(type) is not null;

    public bool IsAggregate(ITypeSymbol type) => Find(type, _aggregate) is not null;

    public bool IsDecider(ITypeSymbol type) => Find(type, _decider) is not null;

    /// <summary>Whether events are handed to the type.</summary>
    public bool IsHandler(ITypeSymbol type) => Find(type, _handler) is not null;

    public bool IsDocument(ITypeSymbol type) => Find(type, _document) is not null;

    /// <summary>Whether the type is an event, a document, a message or an aggregate, which may be kept as a document.</summary>
    public bool IsStored(ITypeSymbol type) => IsEvent(type) || IsDocument(type) || IsAggregate(type) || Find(type, _message) is not null;

    /// <summary>What an aggregate keeps and a snapshot would not hold, as the generator has found it.</summary>
    public string[] UnsavedBy(ITypeSymbol type) =>
        Find(type, _unsavedState) is { ConstructorArguments: [{ Kind: TypedConstantKind.Array, Values: var members }] }
        ? [.. members.Select(static member => member.Value).OfType<string>()]
        : [];

    /// <summary>Whether the type has methods that store, load or delete documents.</summary>
    public bool HoldsDocuments(INamedTypeSymbol type) => _documentHolders.Any(holder => Same(type, holder));

    /// <summary>Whether the type has methods that keep aggregates as snapshots.</summary>
    public bool KeepsSnapshots(INamedTypeSymbol type) => Same(type, _projections);

    public bool IsUpcaster(IMethodSymbol method) => Find(method, _upcaster) is not null;

    /// <summary>Whether it is an event with its metadata, <c>IEvent</c> or <c>IEvent&lt;T&gt;</c>.</summary>
    public bool IsEnvelope(ITypeSymbol type) => Same(type, _envelope) || Same(type.OriginalDefinition, _envelopeOfData);

    public bool IsSession(ITypeSymbol type) => Is(type, _querySession);

    /// <summary>Whether the type has methods that take the data of events as objects.</summary>
    public bool TakesEvents(INamedTypeSymbol type) => _takers.Any(taker => Same(type.OriginalDefinition, taker));

    /// <summary>Whether the type is another one, or implements it.</summary>
    public static bool Is(ITypeSymbol type, INamedTypeSymbol other) =>
        Same(type, other) || type.AllInterfaces.Any(implemented => Same(implemented, other));

    private static AttributeData? Find(ISymbol symbol, INamedTypeSymbol attribute) =>
        symbol.GetAttributes().FirstOrDefault(found => Same(found.AttributeClass, attribute));

    private static bool Same(ITypeSymbol? type, INamedTypeSymbol other) => SymbolEqualityComparer.Default.Equals(type, other);

    private INamedTypeSymbol Get(string name) => _library.GetTypeByMetadataName(name)!;
}
