namespace FluentEventStore.Fetching;

/// <summary>PostgreSQL's programs for one kind of machine.</summary>
/// <param name="Version">Of PostgreSQL.</param>
/// <param name="Platform">As npm names it: <c>linux-x64</c>.</param>
/// <param name="NpmVersion">Of the package on npm.</param>
/// <param name="NpmSha512">Of the archive that npm gives, in base 64 as npm shows it.</param>
/// <param name="ContentSha256">Of the unpacked files, by <see cref="ContentHash"/>: the same whoever packed them.</param>
/// <param name="PackedBytes">The size of the archive.</param>
/// <param name="UnpackedBytes">The size of its files.</param>
internal sealed record BinaryPackage(
    Version Version, string Platform, string NpmVersion, string NpmSha512, string ContentSha256, long PackedBytes, long UnpackedBytes)
{
    /// <summary>The folder of a cache that holds it.</summary>
    public string Folder => $"postgresql-{Version}-{Platform}";

    /// <summary>Its name for npm.</summary>
    public string NpmName => $"@embedded-postgres/{Platform}@{NpmVersion}";

    public override string ToString() => $"PostgreSQL {Version} for {Platform}";
}
