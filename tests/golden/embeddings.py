#!/usr/bin/env python3
"""Golden values for the evaluation of encoders from scikit-learn: nearest neighbours, principal components, t-SNE.

Run in this folder: /usr/bin/python3 embeddings.py
Needs Debian's python3-sklearn. Writes
  embeddings_points.csv  random points of three unequal classes, from a seed: part (train or test), label, x0 … x4
  embeddings_votes.csv   for each test point the neighbours' votes for each class, k = 7, weighted by 1 / (training points of the class)
  embeddings_map.csv     for each training point its first two principal components
  embeddings_pairs.csv   for each pair of training points the joint probability that t-SNE gives it, perplexity 10
  embeddings_scores.csv  name,value: how good scikit-learn's maps of the training points are: t-SNE from 20 starts, and principal components
"""
import csv
import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, _t_sne, trustworthiness
from sklearn.neighbors import KNeighborsClassifier
from scipy.spatial.distance import squareform, pdist

random = np.random.RandomState(20261123)
COUNTS, K, PERPLEXITY = (40, 15, 5), 7, 10
centres = random.normal(size=(3, 5)) * 1.5
label = np.repeat(np.arange(3), COUNTS)
train = np.round(centres[label] + random.normal(size=(len(label), 5)), 3).astype(np.float32)
test_label = random.randint(0, 3, 25)
test = np.round(centres[test_label] + random.normal(size=(25, 5)), 3).astype(np.float32)


def write(name, header, rows):
    with open(name, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


write(
    "embeddings_points.csv",
    ["part", "label"] + [f"x{i}" for i in range(5)],
    [["train", l] + [repr(round(float(v), 3)) for v in x] for l, x in zip(label, train)]
    + [["test", l] + [repr(round(float(v), 3)) for v in x] for l, x in zip(test_label, test)],
)

plain = KNeighborsClassifier(K, algorithm="brute").fit(train, label).predict_proba(test)
votes = plain / np.array(COUNTS)
votes /= votes.sum(1, keepdims=True)
write("embeddings_votes.csv", ["p0", "p1", "p2"], [[repr(float(v)) for v in row] for row in votes])

components = PCA(2, svd_solver="full").fit(train.astype(float))
scores = components.transform(train.astype(float))
write("embeddings_map.csv", ["pc1", "pc2"], [[repr(float(v)) for v in row] for row in scores])

squared = squareform(pdist(train.astype(float), "sqeuclidean")).astype(np.float32)
pairs = _t_sne._joint_probabilities(squared, PERPLEXITY, verbose=0)  # condensed: each unordered pair once
upper = np.triu_indices(len(train), 1)
write("embeddings_pairs.csv", ["i", "j", "p"], [[i, j, repr(float(p))] for i, j, p in zip(*upper, pairs)])

# so few points have many good maps, and which one is found hangs on the last bits: a range over starts that hardly differ
divergences, trusts = [], []
for _ in range(20):
    start = scores / scores[:, 0].std() * 1e-4 + random.normal(size=scores.shape) * 1e-7
    tsne = TSNE(
        2,
        perplexity=PERPLEXITY,
        init=start.astype(np.float32),
        learning_rate="auto",
        method="exact",
        n_iter=1000,
    )
    layout = tsne.fit_transform(train.astype(float))
    divergences.append(tsne.kl_divergence_)
    trusts.append(trustworthiness(train, layout, n_neighbors=5))
write(
    "embeddings_scores.csv",
    ["name", "value"],
    [
        ["explained_1", repr(float(components.explained_variance_ratio_[0]))],
        ["explained_2", repr(float(components.explained_variance_ratio_[1]))],
        ["tsne_divergence_best", repr(float(min(divergences)))],
        ["tsne_divergence_worst", repr(float(max(divergences)))],
        ["tsne_trustworthiness_worst", repr(float(min(trusts)))],
        ["pca_trustworthiness", repr(float(trustworthiness(train, scores, n_neighbors=5)))],
    ],
)
