using System.Runtime.InteropServices;

namespace FluentEventStore.Fetching;

/// <summary>The packages that are fetched, with their hashes.</summary>
/// <remarks>
/// To take a newer version, run for each platform <c>npm view NAME@VERSION dist.integrity</c>, and in the folder <c>native</c> of the
/// unpacked archive <c>find . -type f ! -name '.*' ! -name pg-symlinks.json | sed 's,^./,,' | LC_ALL=C sort | xargs -d '\n' sha256sum |
/// sha256sum</c>.
/// </remarks>
internal static class KnownPackages
{
    private const string NpmVersion = "18.4.0-beta.17";

    private static readonly Version Postgres = new(18, 4, 0);

    public static IReadOnlyList<BinaryPackage> All { get; } =
    [
        new(
            Postgres, "linux-x64", NpmVersion,
            "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
            "07ec75c6b10a73605a206ec8498287376fe92dc1dac2b8de1f047a794c36be81",
            23_732_346, 59_216_961),
        new(
            Postgres, "linux-arm64", NpmVersion,
            "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
            "0ad1054a48a42f26153f61953efbff29cf62c23aed83038c0a48aec595efe0cf",
            22_982_269, 59_147_003),
        new(
            Postgres, "linux-arm", NpmVersion,
            "VuD1nFasN7yG57zpJcp6MBXM0nXqGfb8GBQV+f1FGJ17+VMNYLIFLhFp99UlY4xnWG74FQC4NPYw8eCwSTJ6qg==",
            "092f9e898d01840156360fe61e7a5dbd4641ece692c4423d9e6a06aed3b1532f",
            22_288_439, 51_370_870),
        new(
            Postgres, "darwin-x64", NpmVersion,
            "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
            "2f0a8af9533f255070ce046b91db57386092d6e0d97676f8b58ade7712cce7c9",
            55_198_394, 147_835_207),
        new(
            Postgres, "darwin-arm64", NpmVersion,
            "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
            "2f0a8af9533f255070ce046b91db57386092d6e0d97676f8b58ade7712cce7c9",
            55_198_393, 147_835_207),
        new(
            Postgres, "windows-x64", NpmVersion,
            "AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg==",
            "c5f2db497e1f6a1ca8a5142959bc99721c3a7ada89904ce481ed276df4ed5d08",
            40_606_855, 109_650_222),
    ];

    /// <summary>The one for this machine; <see langword="null"/> if there is none.</summary>
    public static BinaryPackage? ForThisSystem()
    {
        var platform = PlatformOfThisSystem();
        return All.FirstOrDefault(package => package.Platform == platform);
    }

    public static string PlatformOfThisSystem() => NamePlatform(
        OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux",
        RuntimeInformation.OSArchitecture,
        RuntimeInformation.RuntimeIdentifier);

    /// <param name="system">As npm names it.</param>
    /// <param name="architecture">Of the system. It may run processes of another architecture.</param>
    /// <param name="runtime">What the runtime was built for. It tells the C library: on Linux the programs need glibc.</param>
    public static string NamePlatform(string system, Architecture architecture, string runtime) => (system, architecture) switch
    {
        // It runs programs for x64.
        ("windows", Architecture.Arm64) => "windows-x64",
        ("linux", _) when runtime.Contains("musl", StringComparison.Ordinal) || runtime.StartsWith("alpine", StringComparison.Ordinal) =>
            $"linux-musl-{Lower(architecture)}",
        _ => $"{system}-{Lower(architecture)}",
    };

    private static string Lower(Architecture architecture) => architecture.ToString().ToLowerInvariant();
}
