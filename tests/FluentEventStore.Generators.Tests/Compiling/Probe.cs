using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Tests.Compiling;

/// <summary>What test sources call to write and read by generated codecs.</summary>
internal static class Probe
{
    public const string Source = """

        internal static class Json
        {
            public static string Write<T, TCodec>(T value) where TCodec : struct, FluentEventStore.Serialization.IJsonCodec<T>
            {
                using var writer = new FluentEventStore.Serialization.JsonWriter();
                TCodec.Write(writer, value);
                return System.Text.Encoding.UTF8.GetString(writer.Piece.Span);
            }

            public static T Read<T, TCodec>(string json) where TCodec : struct, FluentEventStore.Serialization.IJsonCodec<T>
            {
                var reader = new System.Text.Json.Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(json));
                reader.Read();
                return TCodec.Read(ref reader);
            }

            /// <summary>Reads, and writes what was read; or says why that cannot be.</summary>
            public static string Again<T, TCodec>(string json) where TCodec : struct, FluentEventStore.Serialization.IJsonCodec<T>
            {
                try
                {
                    return Write<T, TCodec>(Read<T, TCodec>(json));
                }
                catch (System.Text.Json.JsonException refused)
                {
                    return refused.Message;
                }
            }
        }
        """;

    /// <summary>Compiles the source, which may use the class <c>Json</c>, and runs its <c>Test.Run()</c>.</summary>
    public static string Run(
        string source, NullableContextOptions nullable = NullableContextOptions.Enable, LanguageVersion languageVersion =
            LanguageVersion.CSharp12)
    {
        Sources.Generate(Sources.Parse(source + Source, nullable: nullable, languageVersion: languageVersion), out var output);
        return LoadedCase.Run(output);
    }
}
