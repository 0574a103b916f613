using Histonic.Slides;
using Histonic.Slides.Cohorts;

namespace Histonic.Learning.Prediction;

/// <summary>What each slide is for in each round of a validation. A patient is never on two sides.</summary>
/// <remarks>
/// The papers' cross-validation: k partitions of patients; round k tests partition k, validates on the one before it and trains on the rest. With 4
/// partitions, 2 train, 1 validates, 1 tests, rotating (papers.md 1.4 and 2.7). Or rounds as somebody else split them (<see cref="GivenSplits"/>).
/// </remarks>
public sealed class Folds
{
    private readonly Dictionary<string, int> _partitions;
    private readonly GivenSplits? _given;

    private Folds(int count, Dictionary<string, int> partitions) => (Count, _partitions) = (count, partitions);

    private Folds(GivenSplits given) => (Count, _partitions, _given) = (given.Count, [], given);

    /// <summary>Gets the number of rounds: of partitions, at least 3, or of splits that were given, at least 1.</summary>
    public int Count { get; }

    /// <summary>Gets the partition, from 1, of every slide; none where splits were given.</summary>
    public IReadOnlyDictionary<string, int> Partitions => _partitions;

    /// <summary>Gets whether the rounds are as they were given, not partitions that take turns.</summary>
    public bool AreGiven => _given is not null;

    /// <summary>Makes partitions, alike in their shares of classes, events or values, and in size.</summary>
    /// <remarks>
    /// Of several targets all shares are kept alike by iterative stratification (Sechidis, Tsoumakas and Vlahavas, ECML PKDD 2011): patients with the
    /// rarest kind of truth are dealt first, each to the partition that lacks most of it.
    /// </remarks>
    /// <param name="slides">What is known of each slide, one truth for each target; at least one of them known.</param>
    /// <param name="targets">What is predicted: it says by what to stratify.</param>
    /// <param name="count">How many, at least 3.</param>
    /// <param name="seed">Where chance comes from.</param>
    /// <exception cref="OptionException">The count is below 3.</exception>
    /// <exception cref="InputException">There are too few patients, of one class or at all.</exception>
    public static Folds Make(
        IReadOnlyList<IReadOnlyList<Truth>> slides,
        IReadOnlyList<TargetSpec> targets,
        int count,
        Seed seed
    )
    {
        if (count < 3)
            throw new OptionException("--folds", count, "at least 3: one to test, one to validate, the rest to train");
        var random = seed.For("folds");
        var patients = slides
            .GroupBy(slide => slide[0].Patient, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.ToArray())
            .ToArray();
        var strata = targets
            .Select((target, t) => Strata(target, [.. patients.Select(patient => Known(patient, t))], count))
            .ToArray();
        foreach (var (target, own) in targets.Zip(strata))
            RequireEnough(own, target, count);
        if (patients.Length < 2 * count)
            throw new InputException(
                "the labels",
                $"{patients.Length} patients with a known {string.Join(" or ", targets.Select(target => string.Join(" and ", target.Columns)))} "
                    + $"are too few for {count} folds",
                "At least two patients a fold are needed; take fewer folds (--folds, at least 3), or more patients"
            );
        var partitions = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] sizes = [.. patients.Select(patient => patient.Length)];
        var dealt = strata is [var one] ? Deal(one, sizes, count, random) : DealJointly(strata, sizes, count, random);
        foreach (var (patient, to) in dealt)
        {
            foreach (var slide in patients[patient])
                partitions.Add(slide[0].Slide, to + 1);
        }

        return new Folds(count, partitions);
    }

    // stratum after stratum
    private static IEnumerable<(int Patient, int Partition)> Deal(
        (string Name, int[] Patients)[] strata,
        int[] slidesOfPatient,
        int count,
        Random random
    )
    {
        var sizes = new int[count];
        foreach (var (_, group) in strata)
        {
            random.Shuffle(group);
            var (patientsOf, slidesOf) = (new int[count], new int[count]);
            foreach (var patient in group.OrderByDescending(patient => slidesOfPatient[patient]))
            {
                // where this stratum has fewest patients, then fewest slides, then where there are fewest slides at all
                var to = Enumerable.Range(0, count).MinBy(i => (patientsOf[i], slidesOf[i], sizes[i]));
                (patientsOf[to], slidesOf[to], sizes[to]) = (
                    patientsOf[to] + 1,
                    slidesOf[to] + slidesOfPatient[patient],
                    sizes[to] + slidesOfPatient[patient]
                );
                yield return (patient, to);
            }
        }
    }

    // the stratum with fewest patients left first
    private static IEnumerable<(int Patient, int Partition)> DealJointly(
        (string Name, int[] Patients)[][] strata,
        int[] slidesOfPatient,
        int count,
        Random random
    )
    {
        var groups = strata.SelectMany(target => target.Select(stratum => stratum.Patients)).ToArray();
        var strataOf = slidesOfPatient
            .Select(
                (_, patient) => Enumerable.Range(0, groups.Length).Where(g => groups[g].Contains(patient)).ToArray()
            )
            .ToArray();
        var lacking = Enumerable
            .Range(0, count)
            .Select(_ => Array.ConvertAll(groups, group => group.Length / (double)count))
            .ToArray();
        var (sizes, left) = (new int[count], Enumerable.Range(0, slidesOfPatient.Length).ToHashSet());
        foreach (var group in groups)
            random.Shuffle(group);
        while (left.Count > 0)
        {
            var rarest = Enumerable
                .Range(0, groups.Length)
                .Where(g => groups[g].Any(left.Contains))
                .MinBy(g => groups[g].Count(left.Contains));
            foreach (var patient in groups[rarest].Where(left.Contains).OrderByDescending(one => slidesOfPatient[one]))
            {
                var to = Enumerable
                    .Range(0, count)
                    .MinBy(i => (-lacking[i][rarest], -strataOf[patient].Sum(g => lacking[i][g]), sizes[i]));
                foreach (var g in strataOf[patient])
                    lacking[to][g]--;
                sizes[to] += slidesOfPatient[patient];
                left.Remove(patient);
                yield return (patient, to);
            }
        }
    }

    /// <summary>One partition for each site: every site is tested by networks that saw none of its slides.</summary>
    /// <param name="truths">The slides.</param>
    /// <param name="siteOf">The site of a slide.</param>
    /// <param name="source">Where sites are told, for messages.</param>
    /// <exception cref="InputException">A slide has no site, a patient has slides of two, or there are fewer than three.</exception>
    public static Folds BySite(IReadOnlyList<Truth> truths, Func<Truth, string> siteOf, string source)
    {
        if (truths.FirstOrDefault(truth => siteOf(truth).Length == 0) is { } missing)
            throw new InputException(source, $"tells no site of slide {missing.Slide}", "Fill its column");
        RefuseSplit(source, truths, siteOf, "sites", "Give both sites one name, or leave the patient out");
        var sites = truths.Select(siteOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return sites.Count >= 3
            ? new Folds(
                sites.Count,
                truths.ToDictionary(
                    truth => truth.Slide,
                    truth => sites.IndexOf(siteOf(truth)) + 1,
                    StringComparer.Ordinal
                )
            )
            : throw new InputException(
                source,
                $"has the sites {string.Join(", ", sites)}",
                "At least three are needed: one to test, one to validate, the rest to train; with two, train on one and predict the other"
            );
    }

    /// <summary>Reads partitions from a table with the columns slide and fold, or splits as <see cref="GivenSplits"/> has them.</summary>
    /// <param name="path">The table, or a folder of CLAM's splits; slides that are not among the truths are passed over.</param>
    /// <param name="truths">The slides that must be in it.</param>
    /// <exception cref="InputException">
    /// A slide is missing or doubled, a patient is split, the folds are not 1 … k, k at least 3, or a split lacks slides to train, validate or test.
    /// </exception>
    public static Folds Read(string path, IReadOnlyList<Truth> truths)
    {
        if (GivenSplits.TryRead(path, truths) is { } given)
            return new Folds(given);
        var table = CsvTable.Read(path);
        int slideColumn = table.Require("slide"),
            foldColumn = table.Require("fold");
        Dictionary<string, int> all = new(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            var slide = SlideName.Of(row.Fields[slideColumn]);
            if (table.Number(row, foldColumn) is not ({ } fold and >= 1 and <= 1000) || !double.IsInteger(fold))
                throw table.Fault(row, $"\"{row.Fields[foldColumn]}\" is not a fold", "Number the folds 1, 2, 3 …");
            if (!all.TryAdd(slide, (int)fold))
                throw table.Fault(row, $"slide {slide} comes a second time", "Keep one line a slide");
        }

        if (truths.FirstOrDefault(truth => !all.ContainsKey(truth.Slide)) is { } missing)
            throw new InputException(path, $"tells no fold of slide {missing.Slide}", "Add a line for it");
        RefuseSplit(
            path,
            truths,
            truth => $"{all[truth.Slide]}",
            "folds",
            "Put all slides of a patient into one fold, else the test is no test"
        );
        var partitions = truths.ToDictionary(truth => truth.Slide, truth => all[truth.Slide], StringComparer.Ordinal);
        var numbers = partitions.Values.Distinct().Order().ToArray();
        return numbers.Length >= 3 && numbers[^1] == numbers.Length
            ? new Folds(numbers.Length, partitions)
            : throw new InputException(
                path,
                $"has the folds {string.Join(", ", numbers)}",
                "Number them 1, 2, 3 … without a gap, at least three: one to test, one to validate, the rest to train"
            );
    }

    /// <summary>Writes folds.csv: slide, patient, fold (the round that tests it); of splits that were given a line for each round and slide, and its part as split.</summary>
    /// <param name="path">The file that comes to be, whole or not at all.</param>
    /// <param name="truths">The slides, in the order they are written.</param>
    public void Write(string path, IReadOnlyList<Truth> truths)
    {
        if (_given is null)
            CsvTable.Write(
                path,
                ["slide", "patient", "fold"],
                truths.Select(truth => (IReadOnlyList<object?>)[truth.Slide, truth.Patient, _partitions[truth.Slide]])
            );
        else
            _given.Write(path, truths);
    }

    /// <summary>Where a slide stands, for a hash of what a run was made from: its partition, or its part in each round.</summary>
    internal string PlaceOf(string slide) =>
        _given is null
            ? _partitions[slide].ToString(System.Globalization.CultureInfo.InvariantCulture)
            : string.Join(' ', Enumerable.Range(1, Count).Select(round => RoleOf(slide, round)));

    /// <summary>What a slide is for in one round.</summary>
    /// <param name="slide">The slide's name.</param>
    /// <param name="round">The round, from 1 to <see cref="Count"/>.</param>
    public SlideRole RoleOf(string slide, int round)
    {
        if (_given is not null)
            return _given.RoleOf(slide, round);
        var partition = _partitions[slide];
        if (partition == round)
            return SlideRole.Test;
        return partition == (round == 1 ? Count : round - 1) ? SlideRole.Validation : SlideRole.Training;
    }

    /// <summary>Refuses patients whose slides are on two sides.</summary>
    internal static void RefuseSplit(
        string source,
        IReadOnlyList<Truth> truths,
        Func<Truth, string> partOf,
        string parts,
        string remedy
    )
    {
        var split = truths
            .GroupBy(truth => truth.Patient, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Select(partOf).Distinct(StringComparer.Ordinal).Count() > 1);
        if (split is not null)
            throw new InputException(
                source,
                $"splits patient {split.Key} over {parts} "
                    + string.Join(" and ", split.Select(truth => $"{partOf(truth)} ({truth.Slide})")),
                remedy
            );
    }

    private static Truth[] Known(IReadOnlyList<Truth>[] slides, int target) =>
        [.. slides.Select(slide => slide[target]).Where(truth => truth.IsKnown)];

    /// <summary>The patients of each kind of truth: of a class, with or without an event, or of like values. Those of whom nothing is known are in none.</summary>
    private static (string Name, int[] Patients)[] Strata(TargetSpec target, Truth[][] truths, int count)
    {
        var known = Enumerable.Range(0, truths.Length).Where(patient => truths[patient].Length > 0);
        // runs of neighbours as long as there are folds: each fold gets one of every run
        if (target is TargetSpec.Regression)
            return
            [
                .. known
                    .OrderBy(patient => truths[patient].Average(truth => truth.Value!.Value))
                    .Chunk(count)
                    .Select((run, i) => ($"values {i}", run)),
            ];
        return
        [
            .. known
                .GroupBy(patient => StratumOf(truths[patient]), StringComparer.Ordinal)
                .Select(group => (group.Key, group.ToArray())),
        ];
    }

    // a patient's class is that of most of its slides; it has an event if any slide tells one
    private static string StratumOf(Truth[] slides)
    {
        if (slides[0].Event is not null)
            return slides.Any(truth => truth.Event == true) ? "event" : "censored";
        return slides
            .GroupBy(truth => truth.Label!, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .First()
            .Key;
    }

    private static void RequireEnough((string Name, int[] Patients)[] strata, TargetSpec target, int count)
    {
        var scarce = target switch
        {
            TargetSpec.Classification => strata.Where(stratum => stratum.Patients.Length < count).ToArray(),
            TargetSpec.Survival =>
            [
                .. strata.Where(stratum => stratum.Name is "event" && stratum.Patients.Length < count),
            ],
            _ => [],
        };
        if (scarce.Length > 0)
            throw new InputException(
                $"{(target is TargetSpec.Survival ? "events" : $"class {scarce[0].Name}")} of column {target.Columns[^1]}",
                $"{scarce[0].Patients.Length} patients are fewer than the {count} folds",
                "Take fewer folds (--folds, at least 3), or more patients"
            );
    }
}
