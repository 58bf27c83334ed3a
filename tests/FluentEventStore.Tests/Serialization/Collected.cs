using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FluentEventStore.Tests.Serialization;

/// <summary>Numbers, texts, JSON and collections that System.Text.Json writes and reads too.</summary>
[Event]
public sealed record Collected(
    Half Half,
    Int128 Int128,
    UInt128 UInt128,
    Version Version,
    JsonElement Element,
    JsonNode? Node,
    JsonObject Object,
    JsonArray Items,
    Memory<byte> Memory,
    ReadOnlyMemory<byte> ReadOnlyMemory,
    Queue<int> Queue,
    LinkedList<string> LinkedList,
    SortedSet<int> SortedSet,
    ConcurrentQueue<Point> ConcurrentQueue,
    Collection<Line?> Collection,
    ObservableCollection<int?> ObservableCollection,
    ImmutableList<string> ImmutableList,
    IImmutableList<Colour> ImmutableListInterface,
    ImmutableQueue<int> ImmutableQueue,
    ImmutableHashSet<int> ImmutableHashSet,
    IImmutableSet<int> ImmutableSetInterface,
    ImmutableSortedSet<long> ImmutableSortedSet,
    SortedDictionary<Guid, int> SortedDictionary,
    SortedList<int, string?> SortedList,
    ConcurrentDictionary<Guid, Line> ConcurrentDictionary,
    ImmutableDictionary<string, Point> ImmutableDictionary,
    IImmutableDictionary<Colour, int[]> ImmutableDictionaryInterface,
    ImmutableSortedDictionary<long, int> ImmutableSortedDictionary,
    List<List<int[]>>? Nested);

/// <summary>What System.Text.Json has no form for, cannot read, reads in another order, or loses by the order of the culture.</summary>
[Event]
public sealed record CollectedFurther(
    BigInteger BigInteger,
    JsonValue? Value,
    Stack<int> Stack,
    ImmutableStack<int> ImmutableStack,
    ReadOnlyCollection<int> ReadOnlyCollection,
    ReadOnlyDictionary<string, int> ReadOnlyDictionary,
    FrozenSet<string> FrozenSet,
    FrozenDictionary<Guid, int> FrozenDictionary,
    Dictionary<OrderId, int> ByTypedId,
    SortedSet<string> SortedTexts,
    ImmutableSortedSet<string> ImmutableSortedTexts,
    SortedDictionary<string, int> SortedByText,
    SortedList<string, int> ListedByText,
    ImmutableSortedDictionary<string, int> ImmutableSortedByText);
