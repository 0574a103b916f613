namespace Histonic.Slides;

/// <summary>Whom long work tells how far it is. Libraries never print; they tell the monitor.</summary>
public interface IWorkMonitor
{
    /// <summary>Tells how far a stage is. May be called often, from any thread; the receiver thins it out.</summary>
    /// <param name="progress">How far it is.</param>
    void Report(in WorkProgress progress);

    /// <summary>Tells something worth a line: "fold 2 of 4: best epoch 17, AUC 0.91".</summary>
    /// <param name="message">One line, without a full stop.</param>
    void Note(string message);

    /// <summary>Tells something the user should know and may want to mend: "x.jpg: not an image; skipped".</summary>
    /// <param name="message">One line, without a full stop.</param>
    void Warn(string message);
}
