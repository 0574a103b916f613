using Histonic.Learning.Prediction;
using Histonic.Slides;
using Histonic.Slides.Grids;

namespace Histonic.Learning.Explanation;

/// <summary>Which parts of a slide drove its prediction, by the method that is asked for.</summary>
public static class Explainer
{
    /// <summary>The method that is meant where none is asked for.</summary>
    /// <param name="run">A run.</param>
    public static ExplanationMethod UsualOf(PredictorRun run) =>
        run.Networks[0] switch
        {
            SlideCnn => ExplanationMethod.GradCam,
            AttentionMil => ExplanationMethod.Attention,
            _ => ExplanationMethod.Occlusion,
        };

    /// <summary>Refuses options that do not go with a run, whatever the slide.</summary>
    /// <param name="run">A run.</param>
    /// <param name="options">What is explained, and how.</param>
    /// <exception cref="OptionException">The method does not go with the run's network, or there is no such target, class or layer.</exception>
    public static void Require(PredictorRun run, ExplanationOptions options)
    {
        options.Validated();
        switch (options.Method ?? UsualOf(run), run.Networks[0])
        {
            // the last convolution sees the whole crop as one place
            case (ExplanationMethod.GradCam, SlideCnn { Plan.Strides.Count: var layers }) when options.Layer >= layers:
                throw new OptionException(
                    "--layer",
                    options.Layer,
                    $"from 1 to {layers - 1}: the last of the {layers} convolutions has one value for the whole crop"
                );
            case (ExplanationMethod.GradCam, not SlideCnn):
                throw new OptionException(
                    "--run",
                    run.Configuration.Model,
                    "a run of the network cnn: Grad-CAM needs a convolution"
                );
            case (ExplanationMethod.Attention, not AttentionMil):
                throw new OptionException("--run", run.Configuration.Model, "a run of a network with attention");
        }

        // attention is the same for all targets
        if (
            !(options is { Target: null, For: null } && (options.Method ?? UsualOf(run)) == ExplanationMethod.Attention)
        )
            ExplainedOutcome.Require(run, options);
    }

    /// <summary>The name of the outcome whose evidence is shown of a slide: a class, higher or lower.</summary>
    /// <param name="run">A run.</param>
    /// <param name="slide">A slide compressed by the encoder of the run.</param>
    /// <param name="options">What is explained.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="OptionException">There is no such class.</exception>
    /// <exception cref="InputException">The slide has no tissue, or was compressed by another encoder.</exception>
    public static string OutcomeOf(
        PredictorRun run,
        SlideGrid slide,
        ExplanationOptions options,
        CancellationToken cancellationToken = default
    )
    {
        Require(run, options);
        run.RequireFit(slide);
        var outcome = ExplainedOutcome.Of(run, slide, options, cancellationToken);
        return outcome.Class is { } one ? run.Targets[outcome.Target].Classes[one]
            : outcome.Sign > 0 ? ExplanationOptions.Higher
            : ExplanationOptions.Lower;
    }

    /// <summary>Explains the prediction of one slide.</summary>
    /// <param name="run">A run.</param>
    /// <param name="slide">A slide compressed by the encoder of the run.</param>
    /// <param name="options">What is explained, and how.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A map with its spread over networks and symmetries; NaN where there is no tissue.</returns>
    /// <exception cref="OptionException">The method does not go with the run's network, or there is no such class or layer.</exception>
    /// <exception cref="InputException">The slide has no tissue, or was compressed by another encoder.</exception>
    public static HeatMap Of(
        PredictorRun run,
        SlideGrid slide,
        ExplanationOptions options,
        CancellationToken cancellationToken = default
    )
    {
        Require(run, options);
        run.RequireFit(slide);
        return (options.Method ?? UsualOf(run)) switch
        {
            ExplanationMethod.GradCam => GradCam.Of(run, slide, options, cancellationToken),
            ExplanationMethod.Attention => AttentionMap.Of(run, slide, options, cancellationToken),
            _ => Occlusion.Of(run, slide, options, cancellationToken),
        };
    }
}
