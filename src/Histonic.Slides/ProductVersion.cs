using System.Reflection;

namespace Histonic.Slides;

/// <summary>The version of the code, as outputs record it.</summary>
public static class ProductVersion
{
    /// <summary>Gets the version, such as "0.1.0+4f2a…" when the build knew its commit.</summary>
    public static string Current { get; } =
        typeof(ProductVersion)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;
}
