using System.Globalization;
using FluentEventStore.Generators.Diagnostics;
using FluentEventStore.Generators.Pipeline;
using FluentEventStore.Generators.Shapes;
using FluentEventStore.Generators.Symbols;
using Microsoft.CodeAnalysis;

namespace FluentEventStore.Generators.Parsing;

/// <summary>Models an enum by the names of its values.</summary>
internal static class EnumParser
{
    public static EnumShape? Parse(INamedTypeSymbol type, string codecName, Findings findings)
    {
        var isFlags = type.Has(Attributes.Flags);
        var names = new List<EnumNameModel>();
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue))
        {
            var name = NameOf(field);
            if ((NameRules.FaultOfJsonName(name) ?? FaultOf(name, isFlags)) is { } fault)
                findings.Add(Rules.UnsupportedAttribute, type, "[JsonStringEnumMemberName]", $"{type.ForMessage()}.{field.Name}", fault);

            names.Add(
                new EnumNameModel(
                    field.IsForbidden() ? Literals.EnumOf(type, field.ConstantValue!) : $"{type.Bare()}.{TypeNames.Escape(field.Name)}",
                    name));
        }

        if (names
            .GroupBy(static name => name.JsonName, StringComparer.Ordinal)
            .FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            var fields = type.GetMembers()
                .OfType<IFieldSymbol>()
                .Where(field => field.HasConstantValue && NameOf(field) == twice.Key)
                .ToArray();
            findings.Add(Rules.DuplicateProperty, type, fields[0].ForMessage(), fields[fields.Length - 1].ForMessage(), twice.Key);
            return null;
        }

        return new EnumShape(codecName, type.Bare(), type.EnumUnderlyingType!.Bare(), isFlags, names.ToEquatableArray());
    }

    /// <summary>The numbers of an enum and their names, in order.</summary>
    public static EquatableArray<string> NumbersOf(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(static field => field.HasConstantValue)
            .Select(static field => (Number: Convert.ToDecimal(field.ConstantValue, CultureInfo.InvariantCulture), Name: NameOf(field)))
            .OrderBy(static value => value.Number).ThenBy(static value => value.Name, StringComparer.Ordinal)
            .Select(static value => $"{value.Number.ToString(CultureInfo.InvariantCulture)} {value.Name}")
            .ToEquatableArray();

    /// <summary>The name of a value in JSON.</summary>
    public static string NameOf(IFieldSymbol field) => field.Find(Attributes.JsonStringEnumMemberName)?.Text() ?? field.Name;

    // Flags are written as 'A, B', and a value without a name as its number.
    private static string? FaultOf(string name, bool isFlags) => name switch
    {
        _ when isFlags && name.Contains(',') => "flags are written with commas between them, so a name must not hold a comma",
        _ when isFlags && name.Trim().Length != name.Length =>
            "flags are written with blanks between them, so a name must not begin or end with one",
        _ when name.Length > 0
            && name.Substring(name[0] is '-' or '+' ? 1 : 0) is { Length: > 0 } digits
            && digits.All(static digit => digit is >= '0' and <= '9') =>
            "a value without a name is written as its number, so a name must not be a number",
        _ => null,
    };
}
