namespace Histonic.EndToEndTests.Viewing;

/// <summary>Tests that share a browser and a viewer.</summary>
[CollectionDefinition]
public sealed class InBrowser : ICollectionFixture<Chromium>;
