using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace FluentEventStore.AspNetCore;

/// <summary>Reads the command that is the body of a request, by the JSON options of the application.</summary>
internal static class CommandBody
{
    /// <exception cref="BadHttpRequestException">It is none. The message quotes nothing of it.</exception>
    public static async Task<TCommand> ReadAsync<TCommand>(HttpContext context)
        where TCommand : notnull
    {
        CheckContentType(context.Request);
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var type = (JsonTypeInfo<TCommand>)options.GetTypeInfo(typeof(TCommand));
        try
        {
            if (await context.Request.ReadFromJsonAsync(type, context.RequestAborted).ConfigureAwait(false) is { } command)
                return command;
        }
        catch (JsonException)
        {
            // What it says may quote the command.
        }
        catch (NotSupportedException) when (HoldsOneOfSeveral(type, []))
        {
            // What is one of several types does not begin with which one it is.
        }

        throw new BadHttpRequestException($"The body is no {typeof(TCommand).Name} as JSON.{HintOf(type)}");
    }

    private static void CheckContentType(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            throw new BadHttpRequestException("The command must be JSON.", StatusCodes.Status415UnsupportedMediaType);

        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.Charset.HasValue && !IsKnown(type.Charset.Value))
            throw new BadHttpRequestException("The encoding of the command is unknown.", StatusCodes.Status415UnsupportedMediaType);
    }

    private static bool IsKnown(string encoding)
    {
        try
        {
            return Encoding.GetEncoding(encoding) is not null;
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    // The serializer refuses by the same exception a type that it cannot make at all, which is the fault of the application.
    private static bool HoldsOneOfSeveral(JsonTypeInfo type, HashSet<Type> seen) =>
        seen.Add(type.Type)
        && (type.PolymorphismOptions is not null
            || type.Properties.Select(static property => property.PropertyType).Append(type.ElementType).OfType<Type>()
                .Any(held => type.Options.TryGetTypeInfo(held, out var info) && HoldsOneOfSeveral(info, seen)));

    private static string HintOf(JsonTypeInfo type) =>
        type.PolymorphismOptions is { } several
        && several.DerivedTypes.Select(static one => one.TypeDiscriminator).OfType<object>().ToList() is [_, ..] kinds
            ? $" It begins with its \"{several.TypeDiscriminatorPropertyName}\": {string.Join(", ", kinds)}."
            : "";
}
