#!/usr/bin/env python3
"""Golden values for Histonic.Statistics from scikit-learn and SciPy, and the random data that R is asked about too.

Run in this folder: /usr/bin/python3 statistics_scores.py && Rscript statistics_survival.R
Needs Debian's python3-sklearn and python3-scipy. Writes
  statistics_random.csv  random rows, from a seed, with many ties (also read by statistics_survival.R and the tests)
  statistics_scores.csv  name,value
  statistics_reliability.csv  the reliability curves: bins,predicted,observed
"""
import csv
import numpy as np
import scipy.stats
import sklearn.calibration
import sklearn.metrics as m

random = np.random.RandomState(20261123)
N, CLASSES = 180, 4
truth = random.randint(0, CLASSES, N)
logits = random.normal(size=(N, CLASSES))
logits[np.arange(N), truth] += 1.0
probabilities = np.round(np.exp(logits) / np.exp(logits).sum(1, keepdims=True), 2)  # rounded: ties
predicted = logits.argmax(1)
positive = random.rand(N) < 0.35
score = np.round(random.normal(size=N) + 0.8 * positive, 1)
x = np.round(random.normal(size=N), 1)
y = np.round(x**3 + random.normal(size=N), 1)
risk = np.round(random.normal(size=N), 1)
event_time = random.exponential(30 * np.exp(-0.6 * risk))
censoring = random.exponential(45, N)
time = np.ceil(np.minimum(event_time, censoring) / 2)  # whole units: tied events, and events tied with censorings
event = event_time <= censoring
group = random.randint(0, 3, N)

with open("statistics_random.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow("time event risk group positive score truth predicted p0 p1 p2 p3 x y".split())
    for i in range(N):
        out.writerow(
            [int(time[i]), int(event[i]), risk[i], group[i], int(positive[i]), score[i], truth[i], predicted[i]]
            + list(probabilities[i])
            + [x[i], y[i]]
        )

one_hot = np.eye(CLASSES)[truth]
values = {
    "auc": m.roc_auc_score(positive, score),
    # per class, because multi_class="ovr" insists on rows that add up to 1, which rounded ones do not
    "auc_ovr_macro": np.mean([m.roc_auc_score(one_hot[:, k], probabilities[:, k]) for k in range(CLASSES)]),
    "accuracy": m.accuracy_score(truth, predicted),
    "balanced_accuracy": m.balanced_accuracy_score(truth, predicted),
    "f1_macro": m.f1_score(truth, predicted, average="macro"),
    "kappa": m.cohen_kappa_score(truth, predicted),
    "kappa_quadratic": m.cohen_kappa_score(truth, predicted, weights="quadratic"),
    "pearson": scipy.stats.pearsonr(x, y)[0],
    "spearman": scipy.stats.spearmanr(x, y)[0],
    "mae": m.mean_absolute_error(x, y),
    "rmse": m.mean_squared_error(x, y) ** 0.5,
    "r2": m.r2_score(x, y),
    # the absent-class conventions: class 3 is only predicted, class 4 occurs nowhere
    "absent_balanced_accuracy": m.balanced_accuracy_score([0, 0, 1, 1, 2, 2, 2], [0, 0, 1, 1, 2, 3, 3]),
    "absent_f1_macro": m.f1_score([0, 0, 1, 1, 2, 2, 2], [0, 0, 1, 1, 2, 3, 3], average="macro", zero_division=0),
}
values["average_precision"] = m.average_precision_score(positive, score)
values["average_precision_macro"] = np.mean(
    [m.average_precision_score(one_hot[:, k], probabilities[:, k]) for k in range(CLASSES)]
)
precision, recall, _ = m.precision_recall_curve(positive, score)
values["precision_recall_points"] = len(precision)
values["precision_recall_trapezium"] = m.auc(recall, precision)
values["kappa_linear"] = m.cohen_kappa_score(truth, predicted, weights="linear")
values["brier"] = m.brier_score_loss(one_hot[:, 0], probabilities[:, 0])
values["brier_classes"] = ((probabilities - one_hot) ** 2).sum(1).mean()
values["spearman_p"] = scipy.stats.spearmanr(x, y)[1]


def expected_calibration_error(outcome, probability, edges):
    """Weighs |mean probability - share| of the half-open bins (edge, next edge] by their rows; the first bin has its low edge too."""
    error = 0.0
    for i, (low, high) in enumerate(zip(edges[:-1], edges[1:])):
        inside = (probability > low) & (probability <= high) | ((i == 0) & (probability <= low))
        if inside.any():
            error += inside.mean() * abs(outcome[inside].mean() - probability[inside].mean())
    return error


width = np.arange(11) / 10
mass = np.quantile(probabilities[:, 0], width)
values["ece_width"] = expected_calibration_error(one_hot[:, 0], probabilities[:, 0], width)
values["ece_mass"] = expected_calibration_error(one_hot[:, 0], probabilities[:, 0], mass)
values["ece_top"] = expected_calibration_error((probabilities.argmax(1) == truth) * 1.0, probabilities.max(1), width)
reliability = []
for strategy in ("uniform", "quantile"):
    observed, forecast = sklearn.calibration.calibration_curve(
        one_hot[:, 0], probabilities[:, 0], n_bins=10, strategy=strategy
    )
    reliability += [(strategy, f, o) for f, o in zip(forecast, observed)]


def delta_error(figure):
    """The delta method's standard error of a figure of the confusion matrix, by numerical slopes in the cells' shares."""
    share = m.confusion_matrix(truth, predicted) / N
    slope = np.zeros_like(share)
    for i in np.ndindex(share.shape):
        step = np.zeros_like(share)
        step[i] = 1e-6
        slope[i] = (figure(share + step) - figure(share - step)) / 2e-6
    return ((share * slope**2).sum() - (share * slope).sum() ** 2) ** 0.5 / N**0.5


def f1(share, k):
    return 2 * share[k, k] / (share[k].sum() + share[:, k].sum())


values["balanced_accuracy_error"] = delta_error(lambda s: np.mean(np.diag(s) / s.sum(1)))
values["f1_macro_error"] = delta_error(lambda s: np.mean([f1(s, k) for k in range(CLASSES)]))
values["f1_2_error"] = delta_error(lambda s: f1(s, 2))
for k in range(CLASSES):
    values[f"precision_{k}"], values[f"recall_{k}"], values[f"f1_{k}"], _ = (
        column[k] for column in m.precision_recall_fscore_support(truth, predicted)
    )
for name, value in (("normal_1.3", scipy.stats.norm.cdf(1.3)), ("normal_-9", scipy.stats.norm.cdf(-9))):
    values[name] = value
for p in (1e-12, 0.01, 0.025, 0.3, 0.975):
    values[f"normal_quantile_{p}"] = scipy.stats.norm.ppf(p)
for chi, degrees in ((0.02, 1), (3.84, 1), (11.5, 3), (80.0, 7), (400.0, 2)):
    values[f"chi_square_above_{chi}_{degrees}"] = scipy.stats.chi2.sf(chi, degrees)

with open("statistics_scores.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["name", "value"])
    for name, value in values.items():
        out.writerow([name, repr(float(value))])

with open("statistics_reliability.csv", "w", newline="") as file:
    out = csv.writer(file, lineterminator="\n")
    out.writerow(["bins", "predicted", "observed"])
    for strategy, forecast, observed in reliability:
        out.writerow([strategy, repr(float(forecast)), repr(float(observed))])
