namespace Histonic.Slides.Synthetic;

/// <summary>One slide of a synthetic cohort: whose it is, what its tissue is like and how it was stained and scanned.</summary>
/// <param name="Name">The slide's name, such as "S0012".</param>
/// <param name="Patient">Whose it is.</param>
/// <param name="Biology">What its tissue is like.</param>
/// <param name="Look">How it was stained and scanned.</param>
/// <param name="Number">Its number, from 0.</param>
internal sealed record SlidePlan(string Name, PatientTruth Patient, SlideBiology Biology, SlideLook Look, int Number)
{
    /// <summary>Draws the slides of a cohort, in order. Slide k is the same however many follow it.</summary>
    public static IReadOnlyList<SlidePlan> Draw(Seed seed, CohortOptions options)
    {
        var slides = new List<SlidePlan>(options.Slides);
        for (var number = 0; slides.Count < options.Slides; number++)
        {
            var patient = PatientTruth.Draw(seed, number, options);
            var random = seed.For($"patient {number} slides");
            var several = random.NextDouble() < options.MultipleSlides;
            var count = several ? 2 + (random.NextDouble() < 0.3 ? 1 : 0) : 1;
            for (var i = 0; i < count && slides.Count < options.Slides; i++)
            {
                var slide = slides.Count;
                slides.Add(
                    new SlidePlan(
                        $"S{slide + 1:D4}",
                        patient,
                        SlideBiology.Draw(
                            seed.For($"slide {slide} biology"),
                            patient.Pattern,
                            patient.Mitosis,
                            patient.Density
                        ),
                        SlideLook.Draw(seed.For($"slide {slide} look"), options.Nuisance),
                        slide
                    )
                );
            }
        }

        return slides;
    }

    /// <summary>Lays out the slide's tissue.</summary>
    public TissuePlan LayOut(Seed seed, int size) => TissuePlan.Make(size, Biology, seed.For($"slide {Number} tissue"));
}
