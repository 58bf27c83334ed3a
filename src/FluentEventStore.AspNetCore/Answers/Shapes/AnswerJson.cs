using System.Text.Json;
using System.Text.Json.Serialization;

namespace FluentEventStore.AspNetCore;

/// <summary>What answers look like, for applications whose JSON options know only types that they are told of.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(EventAnswer))]
[JsonSerializable(typeof(EventPageAnswer))]
[JsonSerializable(typeof(StreamAnswer))]
[JsonSerializable(typeof(StreamPageAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;
