using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FluentEventStore.Generators.Symbols;

/// <summary>Constants as C# writes them, whatever the culture of the compiler.</summary>
internal static class Literals
{
    /// <summary>The default value of a parameter, or of its type if it declares none.</summary>
    public static string DefaultOf(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue || parameter.ExplicitDefaultValue is not { } value)
            return $"default({parameter.Type.Full()}){(parameter.Type.IsReferenceType && !parameter.Type.IsOptional() ? "!" : "")}";

        var type = parameter.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
            ? nullable.TypeArguments[0]
            : parameter.Type;
        return type.TypeKind == TypeKind.Enum ? EnumOf(type, value) : Format(value);
    }

    /// <summary>A value of an enum by its number.</summary>
    public static string EnumOf(ITypeSymbol type, object number) => $"({type.Bare()})({Format(number)})";

    /// <summary>Whether a constant is the default of a type.</summary>
    public static bool IsDefault(object? value, ITypeSymbol type) =>
        type.IsValueType && type.OriginalDefinition.SpecialType != SpecialType.System_Nullable_T
        ? value is null or false or '\0' or 0 or 0u or 0L or 0UL or (byte)0 or (sbyte)0 or (short)0 or (ushort)0 or 0f or 0d or 0m
        : value is null;

    /// <summary>A text as a literal.</summary>
    public static string Text(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    /// <summary>A name in JSON as a UTF-8 literal, escaped where JSON demands it.</summary>
    public static string Name(string name) => Text(Escape(name)) + "u8";

    /// <summary>A text in JSON as a UTF-8 literal.</summary>
    public static string Quoted(string text) => Text($"\"{Escape(text)}\"") + "u8";

    private static string Escape(string name)
    {
        var escaped = new StringBuilder();
        foreach (var character in name)
        {
            _ = character switch
            {
                '"' or '\\' => escaped.Append('\\').Append(character),
                < ' ' => escaped.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    private static string Format(object value) => value switch
    {
        string text => Text(text),
        char character => SymbolDisplay.FormatLiteral(character, quote: true),
        bool boolean => boolean ? "true" : "false",
        double.NaN => "double.NaN",
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        float.NaN => "float.NaN",
        float.PositiveInfinity => "float.PositiveInfinity",
        float.NegativeInfinity => "float.NegativeInfinity",
        double number => number.ToString("R", CultureInfo.InvariantCulture) + "d",
        float number => number.ToString("R", CultureInfo.InvariantCulture) + "f",
        decimal number => number.ToString(CultureInfo.InvariantCulture) + "m",
        long number => number.ToString(CultureInfo.InvariantCulture) + "L",
        ulong number => number.ToString(CultureInfo.InvariantCulture) + "UL",
        uint number => number.ToString(CultureInfo.InvariantCulture) + "U",
        DateTime date => $"new global::System.DateTime({date.Ticks.ToString(CultureInfo.InvariantCulture)}L)",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "default",
    };
}
