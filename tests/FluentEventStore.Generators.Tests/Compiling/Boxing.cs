using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FluentEventStore.Generators.Tests.Compiling;

/// <summary>
/// Finds instructions that box a value, in compiled code: what is not there cannot allocate, whatever the runtime makes of the rest.
/// </summary>
internal static class Boxing
{
    private static readonly FrozenDictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToFrozenDictionary(static code => unchecked((ushort)code.Value));

    /// <summary>The methods of an assembly that box, as <c>Type.Method</c>.</summary>
    public static string[] MethodsIn(byte[] image)
    {
        using var file = new PEReader(new MemoryStream(image));
        var metadata = file.GetMetadataReader();
        var found = new List<string>();
        foreach (var method in metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Where(
            static method => method.RelativeVirtualAddress != 0))
        {
            if (Boxes(file.GetMethodBody(method.RelativeVirtualAddress).GetILReader()))
                found.Add(
                    $"{metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name)}.{metadata.GetString(method.Name)}");
        }

        return [.. found];
    }

    private static bool Boxes(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            var value = (ushort)code.ReadByte();
            var instruction = Codes[value == 0xFE ? (ushort)(0xFE00 | code.ReadByte()) : value];
            if (instruction == OpCodes.Box)
                return true;

            code.Offset += instruction.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => code.ReadInt32() * 4,
                _ => 4,
            };
        }

        return false;
    }
}
