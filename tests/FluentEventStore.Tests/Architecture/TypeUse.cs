namespace FluentEventStore.Tests.Architecture;

/// <summary>A use of a type by another one of the project, both outermost.</summary>
/// <param name="User">The type that uses.</param>
/// <param name="UserFile">Its file, from the folder of the project on.</param>
/// <param name="Used">The type that is used.</param>
/// <param name="UsedFile">Its file.</param>
internal sealed record TypeUse(string User, string UserFile, string Used, string UsedFile)
{
    public override string ToString() => $"{RoomOf(UserFile)}{User} uses {RoomOf(UsedFile)}{Used}";

    private static string RoomOf(string file) => file[..(file.LastIndexOf('/') + 1)];
}
